"""Genetic programming as an operator: any admitted program is a parent, whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from evolve.errors import NoProposal
from evolve.operators.gp.grow import ramped
from evolve.operators.gp.variation import CROSSINGS, MUTATIONS
from evolve.records import Proposal, Selection
from evolve.trees.judging import promising
from evolve.trees.reading import LARGEST, Parent, readable
from evolve.trees.tree import Tree, X
from sandbox.source import canonical_source

MOST_NODES, DEEPEST, MOST_PARAMETERS = 24, 6, 3  # of a child
DRAWS = 32  # for a child that is new, within bounds, and will be admitted

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "crossover": 0.36,
        "piecewise": 0.04,
        "subtree": 0.15,
        "point": 0.15,
        "hoist": 0.08,
        "shrink": 0.05,
        "insert": 0.07,
        "jitter": 0.07,
        "parameter": 0.03,
    }
)


@dataclass(frozen=True)
class Draw:
    """One attempt: what was varied, how, and what came of it (None: it had no place there)."""

    variation: str
    parents: tuple[Parent, ...]
    child: Tree | None


class Gp:
    """Crosses and mutates expression trees; without parents, draws a new one.

    A child has at most 24 nodes, 6 levels and 3 parameters, or as many as the parent that it grew
    from: one that was larger already, a language model's perhaps, may shrink or keep its size.
    """

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """One variation of a parent, or of two; the one that receives is named first.

        Raises:
            NoProposal: every parent is too large, or no draw gave a new curve.
        """
        parents = [parent for each in selection.parents for parent in readable(each)]
        if selection.parents and not parents:
            raise NoProposal(
                f"all {len(selection.parents)} parents have more than {LARGEST} nodes as "
                "trees; genetic programming varies smaller ones"
            )
        known = [parent.digest for parent in parents]
        for _ in range(DRAWS):
            draw = _draw(parents, rng)
            receiver = draw.parents[0].tree if draw.parents else X
            if draw.child is None or not fits(draw.child, receiver):
                continue
            graph = promising(draw.child)
            if graph is not None and graph.digest() not in known:
                ids = tuple(parent.id for parent in draw.parents)
                return Proposal(canonical_source(graph), ids, note=draw.variation)
        raise NoProposal(
            f"{DRAWS} draws from {len(parents)} parent(s) gave no new curve within "
            f"{MOST_NODES} nodes, {DEEPEST} levels and {MOST_PARAMETERS} parameters"
        )


def fits(child: Tree, receiver: Tree) -> bool:
    """Whether a child is within bounds; a receiver beyond them may shrink or stay as it is."""
    return (
        child.size <= max(MOST_NODES, receiver.size)
        and child.depth <= max(DEEPEST, receiver.depth)
        and len(child.parameters) <= max(MOST_PARAMETERS, len(receiver.parameters))
    )


def _draw(parents: Sequence[Parent], rng: np.random.Generator) -> Draw:
    if not parents:
        return Draw("ramped half-and-half", (), ramped(rng))
    receiver, *others = (parents[index] for index in rng.permutation(len(parents)))
    names = [name for name in WEIGHTS if others or name not in CROSSINGS]
    weights = np.array([WEIGHTS[name] for name in names])
    name = names[int(rng.choice(len(names), p=weights / weights.sum()))]
    if name in CROSSINGS:
        donor = others[0]
        return Draw(name, (receiver, donor), CROSSINGS[name](receiver.tree, donor.tree, rng))
    return Draw(name, (receiver,), MUTATIONS[name](receiver.tree, rng))
