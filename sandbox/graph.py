"""The graph of an activation function: a frozen value, checked, hashed and written as JSON."""

from __future__ import annotations

import json
import keyword
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

from sandbox.operations import LEAVES, OPERATIONS, SCOPES, Scope

MOST_NODES = 4096  # of any graph, derivatives included; programs are held to far fewer
SMALLEST, LARGEST = 1e-30, 1e30  # of a constant other than 0, in size
RESERVED_NAMES = frozenset({"x", "torch", "F", "math", "activation", "Activation", "self"})

_VERSION = 1


class MalformedGraph(ValueError):  # noqa: N818
    """Nodes that are no graph: an unknown operation, a wrong input, a number out of range."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A trainable scalar of the function: its name and the value it starts from."""

    name: str
    initial: float


class Node(NamedTuple):
    """One operation: its name, the numbers of its input nodes, its static attributes."""

    # A tuple is quick to build and to hash, and an admission does so a hundred times.
    operation: str
    inputs: tuple[int, ...] = ()
    attributes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in topological order: x first, then the parameters, then the operations.

    A function has one output; its derivative graph has the function and its slopes as outputs,
    so that they share what they have in common.

    Raises:
        MalformedGraph: on construction, naming the node and what was wanted.
    """

    nodes: tuple[Node, ...]
    parameters: tuple[Parameter, ...]
    outputs: tuple[int, ...]

    def __post_init__(self) -> None:
        _check_parameters(self)
        kinds = _checked_kinds(self)
        for output in self.outputs:
            if type(output) is not int or not 0 <= output < len(kinds) or kinds[output] != "f":
                raise MalformedGraph(f"outputs {self.outputs}: wanted numbers of float nodes")
        if not self.outputs:
            raise MalformedGraph("no outputs: wanted at least one")

    @property
    def output(self) -> int:
        """The number of the node that is the function's value."""
        return self.outputs[0]

    @property
    def scope(self) -> Scope:
        """How far an element of the output looks: the widest scope of the operations."""
        scopes = {OPERATIONS[node.operation].scope for node in self.nodes if node.inputs}
        return max(scopes, key=SCOPES.index, default="pointwise")

    def kind(self, number: int) -> str:
        """Gives f where the node is a float tensor, m where it is a mask."""
        name = self.nodes[number].operation
        return "f" if name in LEAVES else OPERATIONS[name].gives

    def digest(self) -> str:
        """Hash of structure and initial values, 16 hex digits; names do not count."""
        shape = [[node.operation, node.inputs, node.attributes] for node in self.nodes]
        initial = [parameter.initial for parameter in self.parameters]
        text = json.dumps([shape, initial, self.outputs])
        return blake2b(text.encode(), digest_size=8).hexdigest()

    def to_json(self) -> str:
        """One line of JSON; `from_json` gives an equal graph."""
        fields = {
            "version": _VERSION,
            "parameters": [[each.name, each.initial] for each in self.parameters],
            "nodes": [[each.operation, each.inputs, each.attributes] for each in self.nodes],
            "outputs": self.outputs,
        }
        return json.dumps(fields, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Graph:
        """The graph that `to_json` wrote, every field checked.

        Raises:
            MalformedGraph: the text is not a graph.
        """
        try:
            fields = json.loads(text)
            if not isinstance(fields, dict) or fields.get("version") != _VERSION:
                raise MalformedGraph(f"wanted an object of version {_VERSION}")
            nodes = tuple(_node(*each) for each in fields["nodes"])
            parameters = tuple(Parameter(*each) for each in fields["parameters"])
            return cls(nodes, parameters, tuple(fields["outputs"]))
        except (KeyError, TypeError, RecursionError, json.JSONDecodeError) as error:
            raise MalformedGraph(f"not the JSON of a graph: {type(error).__name__}") from None


def is_constant(value: object) -> bool:
    """Whether a number may stand in a graph: a float, and 0 or of a size in [1e-30, 1e30]."""
    return isinstance(value, float) and (value == 0.0 or SMALLEST <= abs(value) <= LARGEST)


def _node(operation: Any, inputs: Any, attributes: Any) -> Node:
    return Node(operation, tuple(inputs), tuple(attributes))


def _check_parameters(graph: Graph) -> None:
    names = [parameter.name for parameter in graph.parameters]
    for name in names:
        if not (isinstance(name, str) and name.isidentifier() and name.isascii()):
            raise MalformedGraph(f"parameter name {name!r}: wanted an ASCII identifier")
        if keyword.iskeyword(name) or name in RESERVED_NAMES or name.startswith("_"):
            raise MalformedGraph(f"parameter name {name!r} is reserved; choose another")
    if len(set(names)) != len(names):
        raise MalformedGraph(f"parameter names {names} repeat themselves; choose others")
    if not all(is_constant(parameter.initial) for parameter in graph.parameters):
        raise MalformedGraph("initial values of parameters: wanted finite floats")
    leading = ["x", *["parameter"] * len(names)]
    first = graph.nodes[: len(leading)]
    if [each.operation for each in first] != leading or any(
        each != Node(each.operation) for each in first
    ):
        raise MalformedGraph("wanted x as node 0 and the parameters after it")
    if len(graph.nodes) > MOST_NODES:
        raise MalformedGraph(f"{len(graph.nodes)} nodes: wanted at most {MOST_NODES}")


def _checked_kinds(graph: Graph) -> list[str]:
    """The kind of every node, each of which is checked against those before it."""
    first = 1 + len(graph.parameters)
    kinds = ["f"] * first
    for number, node in enumerate(graph.nodes[first:], start=first):
        if node.attributes and not all(map(is_constant, node.attributes)):
            raise MalformedGraph(
                f"node {number} has the attributes {node.attributes}: wanted finite"
            )
        operation = OPERATIONS.get(node.operation)
        if operation is None:
            if node.operation != "constant" or node.inputs or len(node.attributes) != 1:
                raise MalformedGraph(f"node {number} is {node}: wanted a known operation")
            kinds.append("f")
            continue
        known = [each for each in node.inputs if type(each) is int and 0 <= each < number]
        takes = "".join([kinds[each] for each in known])
        if takes != operation.takes or len(takes) != len(node.inputs):
            raise MalformedGraph(
                f"node {number} is {node}: wanted inputs of kind {operation.takes}"
            )
        if len(node.attributes) != len(operation.attributes):
            raise MalformedGraph(f"node {number} is {node}: wanted {operation.attributes}")
        kinds.append(operation.gives)
    return kinds
