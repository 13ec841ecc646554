"""Names of trainable scalars: what joins parts of two trees keeps their scalars apart."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from evolve.trees.tree import Path, Tree, X, parameter

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")


def fresh(taken: Collection[str]) -> str:
    """A name for one more parameter: the first Greek letter that is not taken."""
    more = (f"{name}{turn}" for turn in count(1) for name in NAMES)
    return next(name for names in (NAMES, more) for name in names if name not in taken)


def graft(tree: Tree, path: Path, part: Tree) -> Tree:
    """`tree` with `part` at the end of `path`; a name that both use becomes two parameters."""
    kept = tree.replaced(path, X).parameters
    names = {*kept, *part.parameters}
    leaves = {}
    for name, initial in part.parameters.items():
        if name in kept:
            leaves[name] = parameter(fresh(names), initial)
            names.add(leaves[name].name)
    return tree.replaced(path, part.substituted(leaves))
