"""New trees at random: the grow and full methods, ramped half-and-half (Koza 1992, ch. 6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from evolve.operators.gp.primitives import PRIMITIVES, Primitive, number
from evolve.trees.tree import Tree, Type, X, constant, parameter

SHALLOWEST, DEEPEST = 2, 5  # of a ramped tree
LEAF_CHANCE = 0.2  # that `grow` stops early at a place where it might go on
NAME = "alpha"  # of the one parameter that a grown tree may have, in as many places as it likes

Choice = TypeVar("Choice")


def ramped(rng: np.random.Generator) -> Tree:
    """A tree of at most 2 to 5 levels, each as likely, by `full` or `grow` at even odds."""
    depth = int(rng.integers(SHALLOWEST, DEEPEST + 1))
    return grow("T", depth, rng, leaf_chance=0.0 if rng.random() < 0.5 else LEAF_CHANCE)


def grow(
    wanted: Type,
    depth: int,
    rng: np.random.Generator,
    leaf_chance: float = LEAF_CHANCE,
    primitives: Sequence[Primitive] = PRIMITIVES,
) -> Tree:
    """A tree of type `wanted` with at most `depth` levels below its root.

    With a leaf chance of 0 every branch goes on for as long as a primitive still fits: the full
    method. Constants and parameters are leaves always, masks never.

    Raises:
        ValueError: a mask is wanted in no depth at all: there is no such leaf.
    """
    if wanted == "K":
        return constant(number(rng))
    if wanted == "P":
        return parameter(NAME, 1.0)
    fitting = [each for each in primitives if each.gives == wanted and _least(each) <= depth]
    if wanted == "T" and (not fitting or rng.random() < leaf_chance):
        return X
    if not fitting:
        raise ValueError(f"a mask of depth {depth}: wanted a depth of 1 or more")
    chosen = pick(fitting, rng)
    below = depth - chosen.levels
    return chosen.build(*(grow(each, below, rng, leaf_chance, primitives) for each in chosen.takes))


def pick(choices: Sequence[Choice], rng: np.random.Generator) -> Choice:
    """One of the choices, all as likely."""
    return choices[int(rng.integers(len(choices)))]


def _least(primitive: Primitive) -> int:
    """The depth that a primitive needs; a mask among its inputs needs a level of its own."""
    return primitive.levels + ("B" in primitive.takes)
