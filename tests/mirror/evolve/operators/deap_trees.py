"""DEAP's trees beside ours: the same primitives, the same shapes, its own operators."""

from __future__ import annotations

import operator
import random
from typing import Any

import numpy as np
from deap import gp

from evolve.operators.gp.primitives import BINARY, UNARY, Primitive
from evolve.trees.tree import Tree, X, apply

PRIMITIVES = (
    *(Primitive(("T",), lambda a, name=name: apply(name, a)) for name in UNARY),
    *(Primitive(("T", "T"), lambda a, b, name=name: apply(name, a, b)) for name in BINARY),
)
"""Ours of one node each: the ones that DEAP can have as they are."""


def primitive_set() -> gp.PrimitiveSet:
    """The same as DEAP's: one input, no constants."""
    found = gp.PrimitiveSet("main", 1)
    for name in UNARY:
        found.addPrimitive(operator.neg, 1, name)
    for name in BINARY:
        found.addPrimitive(operator.add, 2, name)
    found.renameArguments(ARG0="x")
    return found


SET = primitive_set()


def seeded(seed: int) -> None:
    """DEAP draws from the one generator of the process."""
    random.seed(seed)


def theirs(tree: Tree) -> gp.PrimitiveTree:
    """Our tree as theirs."""
    return gp.PrimitiveTree([_node(each) for _, each in tree.walk()])


def ours(tree: gp.PrimitiveTree) -> Tree:
    """Their tree as ours."""
    nodes = iter(tree)

    def grown() -> Tree:
        node = next(nodes)
        return apply(node.name, *(grown() for _ in range(node.arity))) if node.arity else X

    return grown()


def means_agree(first: list[int], second: list[int]) -> bool:
    """Whether two samples have one mean, to four standard errors."""
    a, b = np.array(first, dtype=float), np.array(second, dtype=float)
    error = float(np.sqrt(a.var() / len(a) + b.var() / len(b)))
    return bool(abs(a.mean() - b.mean()) <= 4 * error + 1e-12)


def _node(tree: Tree) -> Any:
    if tree.operation == "x":
        return SET.terminals[object][0]
    return SET.mapping[tree.operation]
