"""The population of a run: a fold over its records."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from evolve.config import DatabaseTable
from evolve.database.archive import Archive
from evolve.database.migration import migrate
from evolve.database.selection import by_rank
from evolve.database.shrinkage import pooled, shrunken
from evolve.records import Individual, Record, Selection, Verdict


@dataclass
class Database:
    """Islands of archives: `select` reads them, `add` changes them."""

    config: DatabaseTable
    islands: list[Archive] = field(init=False)
    originals: dict[str, str] = field(init=False, default_factory=dict)  # fingerprint -> program
    newcomers: int = field(init=False, default=0)
    _total: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.islands = [Archive(self.config.bins) for _ in range(self.config.islands)]

    @property
    def mean(self) -> float:
        """Mean fitness of everything that was ever scored; 0, GELU's, before anything was."""
        return self._total / self.newcomers if self.newcomers else 0.0

    @property
    def best(self) -> Individual | None:
        """The elite with the highest shrunken fitness."""
        return next(iter(self.ranked()), None)

    @property
    def contender(self) -> Individual | None:
        """The elite that would be the best if its figure held; it was measured in full."""
        elites = (each for island in self.islands for each in island if each.evaluation.complete)
        return max(elites, key=lambda e: (e.evaluation.fitness, e.program.id), default=None)

    def ranked(self) -> list[Individual]:
        """All elites that were measured in full, each once, the highest shrunken fitness first."""
        elites = {
            elite.program.id: elite
            for island in self.islands
            for elite in island
            if elite.evaluation.complete
        }
        mean = self.mean
        # The id breaks ties, so that the order does not depend on who arrived first.
        return sorted(elites.values(), key=lambda e: (-shrunken(e, mean), e.program.id))

    def select(self, step: int, rng: np.random.Generator) -> Selection:
        """Picks an island; from it two parents at most, and two inspirations at most."""
        island = int(rng.integers(len(self.islands)))
        chosen = by_rank(list(self.islands[island]), 4, rng)
        return Selection(step, island, parents=chosen[:2], inspirations=chosen[2:])

    def add(self, record: Record) -> Verdict:
        """Takes in what `record` tells, whatever its outcome; the only way in."""
        if record.admission is not None and record.program is not None:
            self.originals.setdefault(record.admission.fingerprint, record.program.id)
        newcomer = record.individual
        if newcomer is None:
            return Verdict.REJECTED
        if record.round:
            self._promote(newcomer)
            return Verdict.REJECTED
        self.newcomers += 1
        self._total += newcomer.evaluation.fitness
        verdict = self.islands[record.island].add(newcomer)
        if self.newcomers % self.config.migrate_every == 0:
            migrate(self.islands)
        return verdict

    def _promote(self, again: Individual) -> None:
        for island in self.islands:
            for elite in list(island):
                if elite.program.id == again.program.id:
                    evaluation = pooled(elite.evaluation, again.evaluation)
                    island.replace(replace(elite, evaluation=evaluation))
