"""MAP-Elites: the best individual of every niche (Mouret & Clune 2015, arXiv:1504.04909)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np

from evolve.database.elite import Elite, Elites, Marks, marks_of
from evolve.database.shrinkage import Column, all_shrunken, shrunken
from evolve.descriptor import describe
from evolve.records import Descriptor, Individual, Verdict

Niche = tuple[int, ...]

# What a parent is credited for a child that became an elite, and for one that did not.
_PRAISE, _BLAME = 1.0, -0.5


@dataclass
class Archive:
    """A grid over behaviour space that keeps one elite a cell.

    Attributes:
        axes: names of the descriptors.
        bins: cells an axis; niche i covers descriptor coordinates [i / bins, (i + 1) / bins).
        flop_budget: what a cost is a share of.
        challengers: niche -> who looks fitter than its elite, on fewer seeds: what an elite was
            measured again for must not keep everybody out.
    """

    axes: tuple[str, ...]
    bins: int
    flop_budget: float
    individuals: dict[Niche, Individual] = field(default_factory=dict)
    challengers: dict[Niche, Individual] = field(default_factory=dict)
    curiosity: dict[str, float] = field(default_factory=dict)
    # Individuals by id, their fitness, seeds and marks, since an individual last came or changed.
    _columns: tuple[list[Individual], Column, Column, Marks] | None = field(
        default=None, compare=False
    )

    def __iter__(self) -> Iterator[Individual]:
        return iter(self.individuals.values())

    def __len__(self) -> int:
        return len(self.individuals)

    def elites(self, mean: float) -> Elites:
        """Every elite with its standing, when the population's mean fitness is `mean`."""
        if self._columns is None:
            listed = sorted(self, key=attrgetter("program.id"))
            fitness = np.array([each.evaluation.fitness for each in listed], dtype=np.float64)
            seeds = np.array([each.evaluation.seeds for each in listed], dtype=np.float64)
            self._columns = listed, fitness, seeds, marks_of(listed)
        listed, fitness, seeds, marks = self._columns
        return Elites(listed, all_shrunken(fitness, seeds, mean), marks, self.curiosity)

    def best(self, mean: float) -> Elite | None:
        """The elite of the greatest worth that was measured in full, if there is any."""
        elites = self.elites(mean)
        listed, worths = elites.individuals, elites.worths.tolist()
        complete = [place for place, each in enumerate(listed) if each.evaluation.complete]
        if not complete:
            return None
        best = max(reversed(complete), key=worths.__getitem__)  # of equals, the last by id
        return Elite(listed[best], worths[best])

    def add(self, newcomer: Individual, mean: float) -> Verdict:
        """Keeps `newcomer` if its niche is empty or its shrunken fitness beats the elite's.

        Of two that are as fit the cheaper is kept: parsimony in ties alone (Luke and Panait 2002).
        """
        niche = self.niche(newcomer)
        elite = self.individuals.get(niche)
        if elite is not None:
            if _claim(elite, mean) >= _claim(newcomer, mean):
                self._hear(niche, newcomer)
                return Verdict.REJECTED
            del self.curiosity[elite.program.id]
        self._columns = None
        self.individuals[niche] = newcomer
        rival = self.challengers.get(niche)
        if rival is not None and rival.evaluation.fitness <= newcomer.evaluation.fitness:
            del self.challengers[niche]
        self.curiosity[newcomer.program.id] = 0.0
        return Verdict.NEW if elite is None else Verdict.IMPROVED

    def _hear(self, niche: Niche, newcomer: Individual) -> None:
        rival, found = self.challengers.get(niche, self.individuals[niche]), newcomer.evaluation
        if found.complete and not found.round and found.fitness > rival.evaluation.fitness:
            self.challengers[niche] = newcomer

    def remeasure(self, individual: Individual, mean: float) -> None:
        """Corrects an elite of the same program; a challenger claims its niche once more."""
        niche = self.niche(individual)
        if self.individuals[niche].program.id == individual.program.id:
            self.individuals[niche] = individual
            self._columns = None
        else:
            del self.challengers[niche]
            self.add(individual, mean)

    def credit(self, parents: tuple[str, ...], verdict: Verdict) -> None:
        """Parents whose child became an elite gain curiosity; others lose some, down to 0."""
        change = _BLAME if verdict is Verdict.REJECTED else _PRAISE
        for parent in parents:
            if parent in self.curiosity:
                self.curiosity[parent] = max(0.0, self.curiosity[parent] + change)

    def clear(self) -> None:
        """Forgets every elite; the ledger does not."""
        self._columns = None
        self.individuals.clear()
        self.challengers.clear()
        self.curiosity.clear()

    def niche(self, individual: Individual) -> Niche:
        """The cell that an individual belongs to."""
        return self.cell(describe(individual.admission, self.axes, self.flop_budget))

    def cell(self, descriptor: Descriptor) -> Niche:
        """Cell of `descriptor`; a coordinate of exactly 1.0 falls in the last cell."""
        return tuple(min(int(value * self.bins), self.bins - 1) for value in descriptor)


def _claim(individual: Individual, mean: float) -> tuple[float, float]:
    """What wins a niche."""
    return shrunken(individual, mean), -individual.admission.flops
