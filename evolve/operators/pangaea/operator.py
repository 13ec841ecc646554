"""PANGAEA as an operator: one of its four mutations, then trainable scalars placed anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evolve.errors import NoProposal
from evolve.operators.pangaea.mutation import MUTATIONS
from evolve.records import Individual, Proposal, Selection
from evolve.spaces.pangaea import draw, member, parametrised, source, written_out
from evolve.trees.judging import promising
from evolve.trees.reading import LARGEST, readable
from evolve.trees.tree import Tree, X

MOST_NODES = 24  # of a child's tree, or as many as its parent has
DRAWS = 100  # for a child that will be admitted; many poles and overflows are drawn


@dataclass(frozen=True)
class Draw:
    """One attempt: what was done to which parent, and the member that came of it."""

    note: str
    parents: tuple[str, ...]
    child: Tree | None
    largest: int = MOST_NODES


class Pangaea:
    """Mutates the first parent, whoever wrote it; without parents, draws a new member."""

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """One mutation of a parent.

        Raises:
            NoProposal: every parent is too large, or no draw would be admitted.
        """
        parents = [each for each in selection.parents if readable(each)]
        if selection.parents and not parents:
            raise NoProposal(f"all parents have more than {LARGEST} nodes as trees")
        known = [readable(each)[0].digest for each in parents]
        for _ in range(DRAWS):
            attempt = _mutated(parents[0], rng) if parents else Draw("a blind draw", (), draw(rng))
            if attempt.child is None or attempt.child.size > attempt.largest:
                continue
            graph = promising(written_out(parametrised(attempt.child, rng)))
            if graph is not None and graph.digest() not in known:
                return Proposal(source(graph, attempt.child), attempt.parents, note=attempt.note)
        raise NoProposal(f"{DRAWS} draws gave no new function that would be admitted")


def _mutated(parent: Individual, rng: np.random.Generator) -> Draw:
    before = member(parent) or X
    name = list(MUTATIONS)[int(rng.integers(len(MUTATIONS)))]
    largest = max(MOST_NODES, before.size)
    return Draw(name, (parent.program.id,), MUTATIONS[name](before, rng), largest)
