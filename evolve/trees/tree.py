"""The typed expression tree that genetic programming varies: an immutable value.

Four types: T, a tensor computed from what stands below; K, a constant; P, a trainable scalar;
B, a mask. The sandbox takes T, K and P wherever it takes a float, so a part that gives way to
another of its own type leaves a tree that is as well formed as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sandbox.operations import OPERATIONS

Type = Literal["T", "K", "P", "B"]

Path = tuple[int, ...]
"""Which input to follow at every step down from the root; empty for the root itself."""


@dataclass(frozen=True, slots=True)
class Tree:
    """One node, and all that stands below it.

    Attributes:
        operation: one of the sandbox's, or a leaf: x, constant, parameter.
        inputs: the trees below, in the operation's order.
        attributes: an operation's static numbers, a constant's value, a parameter's initial value.
        name: of a parameter; however often a name stands in a tree, it is one parameter.
    """

    operation: str
    inputs: tuple[Tree, ...] = ()
    attributes: tuple[float, ...] = ()
    name: str = ""

    @property
    def type(self) -> Type:
        """Which trees may stand in the place of this one."""
        if self.operation == "constant":
            return "K"
        if self.operation == "parameter":
            return "P"
        masks = self.operation in OPERATIONS and OPERATIONS[self.operation].gives == "m"
        return "B" if masks else "T"

    @property
    def size(self) -> int:
        """How many nodes, leaves included."""
        return 1 + sum(each.size for each in self.inputs)

    @property
    def depth(self) -> int:
        """Edges on the longest way down; 0 for a leaf."""
        return 1 + max(each.depth for each in self.inputs) if self.inputs else 0

    @property
    def parameters(self) -> Mapping[str, float]:
        """Name -> initial value of every trainable scalar, in the order of first use."""
        leaves = (each for _, each in self.walk() if each.operation == "parameter")
        return {leaf.name: leaf.attributes[0] for leaf in leaves}

    def walk(self, path: Path = ()) -> Iterator[tuple[Path, Tree]]:
        """Every tree within this one, itself first, with the path that leads to it."""
        yield path, self
        for index, each in enumerate(self.inputs):
            yield from each.walk((*path, index))

    def replaced(self, path: Path, part: Tree) -> Tree:
        """This tree with `part` at the end of `path`."""
        if not path:
            return part
        first, *rest = path
        inputs = list(self.inputs)
        inputs[first] = inputs[first].replaced(tuple(rest), part)
        return replace(self, inputs=tuple(inputs))

    def substituted(self, leaves: Mapping[str, Tree]) -> Tree:
        """This tree with every parameter that is named in `leaves` replaced by its leaf."""
        if self.operation == "parameter":
            return leaves.get(self.name, self)
        if not self.inputs:
            return self
        return replace(self, inputs=tuple(each.substituted(leaves) for each in self.inputs))


X = Tree("x")


def constant(value: float) -> Tree:
    """A fixed number."""
    return Tree("constant", attributes=(float(value),))


def parameter(name: str, initial: float) -> Tree:
    """A trainable scalar and the value that it starts from."""
    return Tree("parameter", attributes=(float(initial),), name=name)


def apply(operation: str, *inputs: Tree) -> Tree:
    """An operation of the sandbox, its static attributes at their defaults."""
    defaults = tuple(default for _, default in OPERATIONS[operation].attributes)
    return Tree(operation, inputs, defaults)


def replace_input(tree: Tree, part: Tree) -> Tree:
    """The tree of another thing than x: `part` stands wherever x stood."""
    if tree.operation == "x":
        return part
    return replace(tree, inputs=tuple(replace_input(each, part) for each in tree.inputs))
