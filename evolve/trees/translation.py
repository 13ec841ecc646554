"""Between the sandbox's graphs and trees: shared nodes are told apart, and found again."""

from __future__ import annotations

from evolve.trees.tree import Tree
from sandbox.building import Builder, X
from sandbox.graph import Graph, Node
from sandbox.operations import COMPARISONS
from sandbox.refusal import Refused

_FREE, _AFFINE, _BENT = range(3)  # of x: without it, a x + b, anything else


def size_as_tree(graph: Graph) -> int:
    """How many nodes `tree_of` would give at most; exponential in the graph's depth at worst."""
    sizes: list[int] = []
    for node in graph.nodes:
        sizes.append(1 + sum(sizes[number] for number in node.inputs))
    return sizes[graph.output]


def tree_of(graph: Graph) -> Tree:
    """The tree that a graph spells, a node that is used twice standing in it twice."""
    trees = [Tree("x")]
    trees += [Tree("parameter", (), (each.initial,), each.name) for each in graph.parameters]
    for node in graph.nodes[len(trees) :]:
        trees.append(_tree(node, tuple(trees[number] for number in node.inputs)))
    return trees[graph.output]


def _tree(node: Node, inputs: tuple[Tree, ...]) -> Tree:
    if node.operation == "pow" and inputs[1].type == "K":
        # A static number: beside x^3, x^2.9 is no neighbour, it is not defined below 0.
        return Tree("pow", inputs[:1], inputs[1].attributes)
    return Tree(node.operation, inputs, node.attributes)


def graph_of(tree: Tree) -> Graph:
    """The canonical graph of a tree: constants folded, equal parts shared.

    Raises:
        Refused: constants without a finite result, or of a kind that no program can spell.
        MalformedGraph: a parameter starts from a number that is out of range.
    """
    builder = Builder()
    names = {name: builder.parameter(name, start) for name, start in tree.parameters.items()}
    return builder.finish(_number(tree, builder, names))


def bends(graph: Graph) -> bool:
    """Whether the output is more than a x + b, as far as its operations tell.

    An affine function adds nothing between two linear layers, and would be refused.
    """
    degrees = [_AFFINE, *[_FREE] * len(graph.parameters)]
    for node in graph.nodes[len(degrees) :]:
        degrees.append(_degree(node.operation, [degrees[number] for number in node.inputs]))
    return degrees[graph.output] == _BENT


def _degree(operation: str, inputs: list[int]) -> int:
    highest = max(inputs, default=_FREE)
    straight = (
        operation in {"add", "sub", "neg"}
        or (operation == "mul" and _FREE in inputs)
        or (operation == "div" and inputs[1] == _FREE)
    )
    return highest if straight or highest == _FREE else _BENT


def _number(tree: Tree, builder: Builder, names: dict[str, int]) -> int:
    if tree.operation == "x":
        return X
    if tree.operation == "constant":
        return builder.constant(tree.attributes[0])
    if tree.operation == "parameter":
        return names[tree.name]
    inputs = [_number(each, builder, names) for each in tree.inputs]
    attributes = tree.attributes
    if tree.operation == "pow":
        inputs, attributes = [*inputs, *map(builder.constant, attributes)], ()
    _check_spelling(tree.operation, [builder.value(number) for number in inputs])
    return builder.add(tree.operation, *inputs, attributes=attributes)


def _check_spelling(operation: str, values: list[float | None]) -> None:
    """Refuses what a graph could hold and a program could not say."""
    base = values[0]
    if operation == "pow" and base is not None and base <= 0:
        raise Refused("domain")
    if operation in COMPARISONS and None not in values:
        raise Refused("type")
