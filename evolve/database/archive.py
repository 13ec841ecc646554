"""MAP-Elites: the best individual of every niche (Mouret & Clune 2015, arXiv:1504.04909)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from evolve.records import Descriptor, Individual, Verdict

Niche = tuple[int, ...]


@dataclass
class Archive:
    """A grid over behaviour space that keeps one elite a cell.

    Attributes:
        bins: cells an axis; niche i covers descriptor coordinates [i / bins, (i + 1) / bins).
    """

    bins: int
    elites: dict[Niche, Individual] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Individual]:
        return iter(self.elites.values())

    def add(self, newcomer: Individual) -> Verdict:
        """Keeps `newcomer` if its niche is empty or its fitness is higher than the elite's.

        Of two that are as fit the cheaper is kept: parsimony in ties alone (Luke and Panait 2002).
        """
        niche = self.niche(newcomer.admission.descriptor)
        elite = self.elites.get(niche)
        if elite is not None and _worth(elite) >= _worth(newcomer):
            return Verdict.REJECTED
        self.elites[niche] = newcomer
        return Verdict.NEW if elite is None else Verdict.IMPROVED

    def replace(self, individual: Individual) -> None:
        """Puts `individual` where an elite of the same program stands, if one does."""
        niche = self.niche(individual.admission.descriptor)
        elite = self.elites.get(niche)
        if elite is not None and elite.program.id == individual.program.id:
            self.elites[niche] = individual

    def niche(self, descriptor: Descriptor) -> Niche:
        """Cell of `descriptor`; a coordinate of exactly 1.0 falls in the last cell."""
        return tuple(min(int(value * self.bins), self.bins - 1) for value in descriptor)


def _worth(individual: Individual) -> tuple[float, float]:
    return (individual.evaluation.fitness, -individual.admission.flops)
