"""Regularised evolution: parents are chosen by age and tournament, not by niche.

Real, Aggarwal, Huang, Le 2019, "Regularized Evolution for Image Classifier Architecture Search",
arXiv:1802.01548; with PANGAEA's population of 64 and tournament of 16.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evolve.protocols import Operator
from evolve.records import Proposal, Selection


@dataclass(frozen=True)
class Regularised:
    """Hands an operator the fittest of a few of the youngest as its only parent.

    Attributes:
        population: how many of the youngest are alive.
        tournament: how many of them are drawn, without repeats.
    """

    operator: Operator
    population: int = 64
    tournament: int = 16

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """What the operator makes of the tournament's winner; of nothing while nothing is scored.

        Raises:
            NoProposal: the operator has nothing to offer.
        """
        alive = selection.scored[-self.population :]
        drawn = rng.permutation(len(alive))[: self.tournament]
        rivals = [alive[index] for index in drawn]
        rivals.sort(key=lambda each: (-each.evaluation.fitness, each.program.id))
        parents = tuple(rivals[:1])
        return self.operator.propose(replace(selection, parents=parents, inspirations=()), rng)
