"""The search space of PANGAEA: 27 unary and 7 binary operators in trees of any shape.

Bingham and Miikkulainen 2022, "Discovering Parametric Activation Functions", arXiv:2006.03179,
section 3. A member is a tree of operators; four of them have no operation of the sandbox to their
name and are written out when a tree becomes a graph. Trainable scalars are no part of a member:
they are placed anew on its edges whenever it has changed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from evolve.records import Individual
from evolve.spaces.labels import label, labelled
from evolve.trees import naming
from evolve.trees.reading import readable
from evolve.trees.translation import graph_of
from evolve.trees.tree import Tree, X, apply, constant, parameter
from sandbox.graph import Graph, MalformedGraph
from sandbox.operations import OPERATIONS, named
from sandbox.refusal import Refused
from sandbox.source import canonical_source

SPACE = "pangaea"
MOST_SCALARS = 3
"""Of a member: their number is drawn from {0, 1, 2, 3}."""


def _hard_sigmoid(part: Tree) -> Tree:
    line = apply("add", apply("mul", constant(0.2), part), constant(0.5))
    return Tree("hardtanh", (line,), (0.0, 1.0))


WRITTEN_OUT: Mapping[str, Callable[[Tree], Tree]] = MappingProxyType(
    {
        "zero": lambda _: constant(0.0),
        "one": lambda _: constant(1.0),
        "identity": lambda part: part,
        "hard_sigmoid": _hard_sigmoid,  # Keras's: clip(0.2 x + 0.5, 0, 1)
    }
)
UNARY = (
    *WRITTEN_OUT,
    *named(
        "neg abs reciprocal square exp erf erfc sinh cosh tanh expm1 sigmoid logsigmoid asinh atan "
        "i0e i1e relu elu selu silu softplus softsign"
    ),
)
BINARY = named("add sub mul div pow maximum minimum")


def operator(name: str, *parts: Tree) -> Tree:
    """One operator of the space over its parts."""
    return Tree(name, parts) if name in WRITTEN_OUT else apply(name, *parts)


def draw(rng: np.random.Generator) -> Tree:
    """A member to begin with: unary(unary(x)) or binary(unary(x), unary(x)), at even odds."""
    first, second = (operator(_pick(UNARY, rng), X) for _ in range(2))
    if rng.random() < 0.5:
        return operator(_pick(UNARY, rng), first)
    return operator(_pick(BINARY, rng), first, second)


def written_out(tree: Tree) -> Tree:
    """The tree in the sandbox's operations alone."""
    inputs = tuple(written_out(each) for each in tree.inputs)
    if tree.operation in WRITTEN_OUT:
        return WRITTEN_OUT[tree.operation](*inputs)
    return replace(tree, inputs=inputs)


def parametrised(tree: Tree, rng: np.random.Generator) -> Tree:
    """The tree with none to three of its edges, at random, scaled by trainable numbers from 1.

    One number for the whole layer, where the paper has one a channel: the sandbox's are scalars.
    """
    count = int(rng.integers(MOST_SCALARS + 1))
    edges = [path for path, each in tree.walk() if each.type in {"T", "K"}]
    chosen = rng.permutation(len(edges))[:count]
    # The deepest first: what stands above an edge keeps its path when the edge is scaled.
    for path in sorted((edges[index] for index in chosen), key=len, reverse=True):
        part = next(each for found, each in tree.walk() if found == path)
        scalar = parameter(naming.fresh(tree.parameters), 1.0)
        tree = tree.replaced(path, apply("mul", scalar, part))
    return tree


def source(graph: Graph, tree: Tree) -> str:
    """Program text of the graph; its docstring spells the member that it came from."""
    return labelled(canonical_source(graph), SPACE, spelling(tree))


def spelling(tree: Tree) -> str:
    """The tree as nested calls, e.g. `add(x, mul(tanh(x), one(x)))`."""
    if tree.operation == "x":
        return "x"
    if tree.operation == "constant":
        return repr(tree.attributes[0])
    parts = [*map(spelling, tree.inputs), *map(repr, tree.attributes)]
    return f"{tree.operation}({', '.join(parts)})"


def spelled(text: str) -> Tree | None:
    """The tree that a spelling means; None where it means none."""
    try:
        return _tree(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, KeyError, TypeError, RecursionError):
        return None


def member(individual: Individual) -> Tree | None:
    """The member that a program was spelled from; any other program as a tree of its operations.

    Its trainable scalars are left out, those that do not start at 1 as plain numbers. None: the
    tree would be too large to be read.
    """
    found = readable(individual)
    return _member(label(individual, SPACE), found[0].tree) if found else None


@lru_cache(maxsize=4096)
def _member(text: str, read: Tree) -> Tree:
    plain = _without_scalars(read)
    tree = spelled(text)
    try:
        same = tree is not None and graph_of(written_out(tree)) == graph_of(plain)
    except (Refused, MalformedGraph):
        same = False
    return tree if tree is not None and same else plain


def _without_scalars(tree: Tree) -> Tree:
    fixed = {name: constant(initial) for name, initial in tree.parameters.items()}
    return _without_ones(tree.substituted(fixed))


def _without_ones(tree: Tree) -> Tree:
    inputs = tuple(_without_ones(each) for each in tree.inputs)
    if tree.operation == "mul" and constant(1.0) in inputs:
        return inputs[0] if inputs[1] == constant(1.0) else inputs[1]
    return replace(tree, inputs=inputs)


def _tree(node: ast.expr) -> Tree:
    if isinstance(node, ast.Name) and node.id == "x":
        return X
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return constant(ast.literal_eval(node))
    name = node.func.id
    takes = 1 if name in WRITTEN_OUT else len(OPERATIONS[name].takes)
    attributes = tuple(float(ast.literal_eval(each)) for each in node.args[takes:])
    return Tree(name, tuple(_tree(each) for each in node.args[:takes]), attributes)


def _pick(names: tuple[str, ...], rng: np.random.Generator) -> str:
    return names[int(rng.integers(len(names)))]
