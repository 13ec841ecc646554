"""The population of a run: a fold over its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from evolve.config import DatabaseTable
from evolve.database.archive import Archive
from evolve.database.front import Front
from evolve.database.migration import migrate, reset
from evolve.database.selection import STRATEGIES
from evolve.database.shrinkage import pooled
from evolve.records import Admission, Individual, Record, Selection, Verdict


@dataclass
class Database:
    """Islands of archives: `select` reads them, `add` changes them.

    Attributes:
        flop_budget: what a cost is a share of.
        originals: fingerprint -> the program that had it first.
        classes: affine class -> the program that had it first.
        unscored: fingerprints whose only measurements failed.
        unconfirmed: programs whose second measurement failed.
        front: what nothing else beats in distribution, out of it, and in cost at once.
        newcomers: how many programs were ever scored.
    """

    config: DatabaseTable
    flop_budget: float
    islands: list[Archive] = field(init=False)
    originals: dict[str, str] = field(init=False, default_factory=dict)
    classes: dict[str, str] = field(init=False, default_factory=dict)
    unscored: set[str] = field(init=False, default_factory=set)
    unconfirmed: set[str] = field(init=False, default_factory=set)
    front: Front = field(init=False, default_factory=Front)
    newcomers: int = field(init=False, default=0)
    _total: float = field(init=False, default=0.0)
    _contender: Individual | None = field(init=False, default=None, compare=False)
    # Since the contender was last looked for.
    _changed: bool = field(init=False, default=True, compare=False)

    def __post_init__(self) -> None:
        table = self.config
        self.islands = [
            Archive(table.descriptors, table.bins, self.flop_budget) for _ in range(table.islands)
        ]

    @property
    def mean(self) -> float:
        """Mean fitness of everything that was ever scored; 0, GELU's, before anything was."""
        return self._total / self.newcomers if self.newcomers else 0.0

    @property
    def best(self) -> Individual | None:
        """The elite of the greatest worth; it was measured in full."""
        mean = self.mean
        bests = [best for island in self.islands if (best := island.best(mean))]
        best = max(bests, key=lambda elite: (elite.worth, elite.id), default=None)
        return best.individual if best else None

    @property
    def contender(self) -> Individual | None:
        """Who would be the best if its figure held; measured in full, and never again in vain."""
        if self._changed:
            found = (
                each
                for each in self._hopefuls
                if each.evaluation.complete and each.program.id not in self.unconfirmed
            )
            self._contender = max(
                found, key=lambda e: (e.evaluation.fitness, e.program.id), default=None
            )
            self._changed = False
        return self._contender

    @property
    def _hopefuls(self) -> Iterator[Individual]:
        """Elites and challengers."""
        for island in self.islands:
            yield from island
            yield from island.challengers.values()

    def ranked(self) -> list[Individual]:
        """All elites that were measured in full, each once, the greatest worth first."""
        mean = self.mean
        elites = {elite.id: elite for island in self.islands for elite in island.elites(mean)}
        ranked = sorted(elites.values(), key=lambda elite: (-elite.worth, elite.id))
        return [elite.individual for elite in ranked if elite.individual.evaluation.complete]

    def select(self, step: int, rng: np.random.Generator) -> Selection:
        """Picks an island; from it two parents at most, and two inspirations at most."""
        island = int(rng.integers(len(self.islands)))
        elites = self.islands[island].elites(self.mean)
        chosen = STRATEGIES[self.config.selection](elites, 4, rng)
        shown = tuple(elites.individuals[place] for place in chosen)
        return Selection(step, island, parents=shown[:2], inspirations=shown[2:])

    @property
    def migrations(self) -> int:
        """How often islands have exchanged their best."""
        return self.newcomers // self.config.migrate_every

    def emigrant(self, turn: int) -> Individual | None:
        """The best elite of the island whose turn it is."""
        best = self.islands[turn % len(self.islands)].best(self.mean)
        return best.individual if best else None

    def original(self, admission: Admission) -> str:
        """Id of the program that is the same function; empty if this one is the first."""
        return self.originals.get(admission.fingerprint, "")

    def twin(self, record: Record) -> str:
        """Id of the first program of the record's affine class, if that is another one."""
        if record.admission is None or record.program is None:
            return ""
        first = self.classes.get(record.admission.affine_class, "")
        return "" if first == record.program.id else first

    def add(self, record: Record) -> Verdict:
        """Takes in what `record` tells, whatever its outcome; the only way in."""
        again = self._again(record)
        newcomer = record.individual
        if record.round and record.program is not None:
            self._changed = True
            if newcomer is None:
                self.unconfirmed.add(record.program.id)
            else:
                self.unconfirmed.discard(record.program.id)
                self._promote(newcomer)
            return Verdict.REJECTED
        if newcomer is None:
            return Verdict.REJECTED
        if again:  # in a merged run, two runs may have measured one function
            return Verdict.REJECTED
        mean = self.mean
        self.newcomers += 1
        self._total += newcomer.evaluation.fitness
        island = self.islands[record.island % len(self.islands)]
        verdict = island.add(newcomer, mean)
        island.credit(record.parents, verdict)
        if newcomer.evaluation.complete:  # a cheap rung's figures compare with nothing else
            self.front.add(newcomer)
        self._move()
        self._changed = self._changed or self._may_contend(newcomer)
        return verdict

    def _may_contend(self, newcomer: Individual) -> bool:
        """Whether the contender may be another one, after `newcomer` found a place or none."""
        found, known = newcomer.evaluation, self._contender
        if known is None or all(known.program.id not in each.curiosity for each in self.islands):
            return True  # a challenger, or an elite that has lost its niche, or its island
        return found.complete and found.fitness >= known.evaluation.fitness

    def _again(self, record: Record) -> bool:
        """Notes the record's function as known; whether it was scored before."""
        admission, program = record.admission, record.program
        if admission is None or program is None or record.round:
            return False
        known = admission.fingerprint in self.originals
        scored = known and admission.fingerprint not in self.unscored
        if not known:
            self.originals[admission.fingerprint] = program.id
            self.classes.setdefault(admission.affine_class, program.id)
        if record.evaluation is not None:
            self.unscored.discard(admission.fingerprint)
        elif not known:
            self.unscored.add(admission.fingerprint)
        return scored

    def _move(self) -> None:
        if self.newcomers % self.config.migrate_every == 0:
            migrate(self.islands, self.mean)
        if self.config.reset_every and self.newcomers % self.config.reset_every == 0:
            reset(self.islands, self.mean)

    def _promote(self, again: Individual) -> None:
        for island in self.islands:
            for each in [*island, *island.challengers.values()]:
                # A round is a draw of data: measured twice, it is still one measurement.
                if (
                    each.program.id == again.program.id
                    and each.evaluation.round < again.evaluation.round
                ):
                    promoted = replace(each, evaluation=pooled(each.evaluation, again.evaluation))
                    island.remeasure(promoted, self.mean)
                    self.front.remeasure(promoted)
