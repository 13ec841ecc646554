"""Variations: old trees -> a new one, every part giving way to a part of its own type.

Each returns None where a tree has no place for it. Definitions follow Koza 1992 (crossover,
subtree, point), Kinnear 1993 (hoist), DEAP (shrink), Basirat and Roth 2019 (piecewise) and PANGAEA
(insert and parameters; Bingham and Miikkulainen 2022, arXiv:2006.03179).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from evolve.operators.gp.grow import grow, pick
from evolve.operators.gp.primitives import SIGNATURES, UNARY, number
from evolve.trees import naming
from evolve.trees.translation import graph_of, tree_of
from evolve.trees.tree import Path, Tree, X, apply, constant, parameter
from sandbox.graph import MalformedGraph
from sandbox.refusal import Refused

INNER_CHANCE = 0.9  # a variation that may strike anywhere strikes an inner node, not a leaf
DEEPEST_SUBTREE = 3

Place = tuple[Path, Tree]
Mutation = Callable[[Tree, np.random.Generator], Tree | None]
Crossing = Callable[[Tree, Tree, np.random.Generator], Tree | None]

_LEFT = apply("lt", X, constant(0.0))


def crossover(receiver: Tree, donor: Tree, rng: np.random.Generator) -> Tree | None:
    """A part of the receiver gives way to a part of the donor; parameters keep apart."""
    path, old = _inner_first(_below_root(receiver), rng)
    alike = [place for place in donor.walk() if place[1].type == old.type]
    return naming.graft(receiver, path, _inner_first(alike, rng)[1]) if alike else None


def piecewise(receiver: Tree, donor: Tree, rng: np.random.Generator) -> Tree | None:
    """The receiver left of 0, the donor right of it, moved so that they meet at 0; or reversed."""
    # The receiver's parameters keep their names, as everywhere.
    if rng.random() < 0.5:
        begun = apply("where", _LEFT, _half(receiver, 1), X)
        joined = naming.graft(begun, (2,), _half(donor, 2))
    else:
        begun = apply("where", _LEFT, X, _half(receiver, 2))
        joined = naming.graft(begun, (1,), _half(donor, 1))
    below, above = joined.inputs[1:]
    meeting = apply("add", apply("sub", above, _at_zero(above)), _at_zero(below))
    return _tidy(joined.replaced((2,), meeting))


def subtree(tree: Tree, rng: np.random.Generator) -> Tree:
    """A part gives way to one that is grown afresh."""
    path, old = _inner_first(_below_root(tree), rng)
    return naming.graft(tree, path, grow(old.type, DEEPEST_SUBTREE, rng))


def point(tree: Tree, rng: np.random.Generator) -> Tree | None:
    """One operation gives way to another of its signature, or one constant to a fresh one."""
    places = [(path, each) for path, each in tree.walk() if each.type == "K" or _alternatives(each)]
    if not places:
        return None
    path, old = pick(places, rng)
    if old.type == "K":
        return tree.replaced(path, constant(number(rng)))
    return tree.replaced(path, apply(pick(_alternatives(old), rng), *old.inputs))


def hoist(tree: Tree, rng: np.random.Generator) -> Tree | None:
    """A part gives way to a part of itself; at the root, the whole tree does."""
    places = [(path, each) for path, each in tree.walk() if _alike_below(each)]
    if not places:
        return None
    path, old = pick(places, rng)
    return tree.replaced(path, pick(_alike_below(old), rng))


def shrink(tree: Tree, rng: np.random.Generator) -> Tree | None:
    """A node below the root gives way to one of its own inputs."""
    places = [
        (path, [each for each in old.inputs if each.type == old.type])
        for path, old in tree.walk()
        if path
    ]
    places = [(path, inputs) for path, inputs in places if inputs]
    if not places:
        return None
    path, inputs = pick(places, rng)
    return tree.replaced(path, pick(inputs, rng))


def insert(tree: Tree, rng: np.random.Generator) -> Tree:
    """Some v becomes v + p u(v): p is trained from 0, so the child starts as its parent."""
    path, old = pick([place for place in tree.walk() if place[1].type == "T"], rng)
    bend = apply(pick(UNARY, rng), old)
    dose = parameter(naming.fresh(tree.parameters), 0.0)
    return tree.replaced(path, apply("add", old, apply("mul", dose, bend)))


def jitter(tree: Tree, rng: np.random.Generator) -> Tree | None:
    """One constant k, or a parameter's initial value, becomes k (1 + N(0, 0.3)) + N(0, 0.05)."""
    places = [(path, each) for path, each in tree.walk() if each.type in {"K", "P"}]
    if not places:
        return None
    path, old = pick(places, rng)
    moved = old.attributes[0] * (1.0 + rng.normal(0.0, 0.3)) + rng.normal(0.0, 0.05)
    moved = float(f"{moved:.4g}")  # more digits than training could tell apart are hard to read
    if old.type == "K":
        return tree.replaced(path, constant(moved))
    return tree.substituted({old.name: parameter(old.name, moved)})


def reparametrise(tree: Tree, rng: np.random.Generator) -> Tree | None:
    """A trainable scalar is added, removed or moved: it scales a part, from 1 at the start."""
    names = list(tree.parameters)
    chosen = pick(("add", "remove", "move"), rng)
    if chosen == "add" or not names:
        return _scaled(tree, rng)
    name = pick(names, rng)
    removed = tree.substituted({name: constant(tree.parameters[name])})
    return removed if chosen == "remove" else _scaled(removed, rng)


CROSSINGS: Mapping[str, Crossing] = MappingProxyType(
    {"crossover": crossover, "piecewise": piecewise}
)
MUTATIONS: Mapping[str, Mutation] = MappingProxyType(
    {
        "subtree": subtree,
        "point": point,
        "hoist": hoist,
        "shrink": shrink,
        "insert": insert,
        "jitter": jitter,
        "parameter": reparametrise,
    }
)


def _half(tree: Tree, side: int) -> Tree:
    """What a tree is on one side of 0 (1: left, 2: right), if it says so at its root."""
    return tree.inputs[side] if tree.operation == "where" and tree.inputs[0] == _LEFT else tree


def _at_zero(tree: Tree) -> Tree:
    """A tree's value at x = 0: a tree of its parameters alone."""
    if tree.operation == "x":
        return constant(0.0)
    return replace(tree, inputs=tuple(_at_zero(each) for each in tree.inputs))


def _tidy(tree: Tree) -> Tree | None:
    """The tree with constants folded, so that its size tells what is left; None if none folds."""
    try:
        return tree_of(graph_of(tree))
    except (Refused, MalformedGraph):
        return None


def _scaled(tree: Tree, rng: np.random.Generator) -> Tree:
    """Some part times a new parameter that starts at 1; a constant becomes a parameter itself."""
    path, old = pick([place for place in tree.walk() if place[1].type in {"T", "K"}], rng)
    name = naming.fresh(tree.parameters)
    if old.type == "K":
        return tree.replaced(path, parameter(name, old.attributes[0]))
    return tree.replaced(path, apply("mul", parameter(name, 1.0), old))


def _below_root(tree: Tree) -> list[Place]:
    """Every place but the root, which stays unless it is all there is."""
    return list(tree.walk())[1:] or [((), tree)]


def _inner_first(places: Sequence[Place], rng: np.random.Generator) -> Place:
    """An inner node nine times out of ten, else a leaf, as far as there are both."""
    wants_inner = rng.random() < INNER_CHANCE
    wanted = [place for place in places if bool(place[1].inputs) == wants_inner]
    return pick(wanted or places, rng)


def _alternatives(tree: Tree) -> list[str]:
    takes = "".join("m" if each.type == "B" else "f" for each in tree.inputs)
    gives = "m" if tree.type == "B" else "f"
    return [each for each in SIGNATURES.get((takes, gives), ()) if each != tree.operation]


def _alike_below(tree: Tree) -> list[Tree]:
    return [each for path, each in tree.walk() if path and each.type == tree.type]
