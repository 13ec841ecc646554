"""PANGAEA's four mutations, arXiv:2006.03179, section 3.2; each as likely.

They change any tree, a language model's as well: operations from outside of the space can be
removed, or give way to operators of the space that take as many inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from evolve.spaces.pangaea import BINARY, UNARY, operator
from evolve.trees.tree import Path, Tree, X

Choice = TypeVar("Choice")
Mutation = Callable[[Tree, np.random.Generator], Tree | None]

_NEUTRAL: Mapping[str, str] = MappingProxyType(
    {"add": "zero", "sub": "zero", "mul": "one", "div": "one", "pow": "one"}
)


def insert(tree: Tree, rng: np.random.Generator) -> Tree:
    """An operator on a random edge; a binary one so that the function stays what it was."""
    edges = [(path, each) for path, each in tree.walk() if each.type != "B"]
    path, part = _pick(edges, rng)
    name = _pick((*UNARY, *BINARY), rng)
    if name in UNARY:
        return tree.replaced(path, operator(name, part))
    other = operator(_NEUTRAL[name], X) if name in _NEUTRAL else part
    return tree.replaced(path, operator(name, part, other))


def remove(tree: Tree, rng: np.random.Generator) -> Tree | None:
    """A node gives way to one of its inputs."""
    places = [(path, kept) for path, each in tree.walk() if (kept := _kept(each))]
    if not places:
        return None
    path, kept = _pick(places, rng)
    return tree.replaced(path, _pick(kept, rng))


def change(tree: Tree, rng: np.random.Generator) -> Tree | None:
    """One operator gives way to another of as many inputs."""
    places: list[tuple[Path, Tree]] = [
        (path, each) for path, each in tree.walk() if _operators_like(each)
    ]
    if not places:
        return None
    path, old = _pick(places, rng)
    names = [name for name in _operators_like(old) if name != old.operation]
    return tree.replaced(path, operator(_pick(names, rng), *old.inputs))


def regenerate(tree: Tree, rng: np.random.Generator) -> Tree:
    """Every operator is drawn again; the shape stays."""
    parts = tuple(regenerate(each, rng) for each in tree.inputs)
    names = _operators_like(tree)
    return operator(_pick(names, rng), *parts) if names else replace(tree, inputs=parts)


MUTATIONS: Mapping[str, Mutation] = MappingProxyType(
    {"insert": insert, "remove": remove, "change": change, "regenerate": regenerate}
)


def _kept(tree: Tree) -> list[Tree]:
    """The inputs that may stand in a node's place."""
    return [each for each in tree.inputs if each.type != "B"] if tree.type == "T" else []


def _operators_like(tree: Tree) -> tuple[str, ...]:
    """The operators that may stand where this node is; none where it is no operator."""
    if tree.type != "T" or any(each.type == "B" for each in tree.inputs):
        return ()
    return {1: UNARY, 2: BINARY}.get(len(tree.inputs), ())


def _pick(choices: Sequence[Choice], rng: np.random.Generator) -> Choice:
    return choices[int(rng.integers(len(choices)))]
