"""The course of one run in a comparison: its best so far, over what it had used by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.config import Config
from evolve.lineage import makers
from evolve.portfolio import FOUNDERS, Tally
from evolve.records import Evaluation, Individual, Record
from evolve.state import State

Row: TypeAlias = npt.NDArray[np.float64]

WORST = -1.0
"""What stands for the best of nothing: gains are clipped there."""


@dataclass(frozen=True, eq=False)
class Course:
    """What an arm's own proposals had come to after each of its evaluations; founders apart.

    Attributes:
        path: the run's folder.
        seconds: the run had been at work for so long.
        dollars: its models had charged so much.
        best: the fitness of the fittest of its own, as the search saw it: flattered by luck.
        tally: what came of its trials, all operators of the arm together.
        finalist: the program of its own with the highest shrunken fitness, if there is any.
        final: that program on the valid split; none before it was measured.
    """

    arm: str
    repeat: int
    path: str
    seconds: Row
    dollars: Row
    best: Row
    tally: Tally
    finalist: Individual | None
    final: Evaluation | None

    @property
    def evaluations(self) -> int:
        """How many programs of its own were trained."""
        return len(self.best)

    @property
    def fitness(self) -> float:
        """What the finalist is worth on valid; the worst where there is none, or it failed."""
        return self.final.fitness if self.final else WORST

    def at_evaluations(self, count: int) -> float:
        """The best after so many evaluations."""
        return float(self.best[count - 1]) if 0 < count <= len(self.best) else WORST

    def at_seconds(self, seconds: float) -> float:
        """The best after so long."""
        return self.at_evaluations(int(np.searchsorted(self.seconds, seconds, side="right")))

    def at_dollars(self, dollars: float) -> float:
        """The best for so much money; a run that costs nothing stands where it ends."""
        return self.at_evaluations(int(np.searchsorted(self.dollars, dollars, side="right")))


def course(
    arm: str,
    repeat: int,
    path: str,
    records: Sequence[Record],
    config: Config,
    final: Evaluation | None,
) -> Course:
    """The course that a run's records tell of."""
    state = State.of(config, records)
    own = [each for each in records if each.operator != FOUNDERS and not each.round]
    trained = [each for each in own if each.outcome.trained]
    fitness = [each.evaluation.fitness if each.evaluation else WORST for each in trained]
    spent = dict(zip((each.step for each in own), np.cumsum([e.dollars for e in own]), strict=True))
    tallies = [tally for name, tally in state.portfolio.tallies.items() if name != FOUNDERS]
    return Course(
        arm=arm,
        repeat=repeat,
        path=path,
        seconds=np.array([each.clock for each in trained], dtype=float),
        dollars=np.array([spent[each.step] for each in trained], dtype=float),
        best=np.maximum.accumulate(np.array(fitness, dtype=float)),
        tally=_together(tallies),
        finalist=finalist(state, records),
        final=final,
    )


def finalist(state: State, records: Sequence[Record]) -> Individual | None:
    """The program that the run itself found and believes in most: the founders' do not count."""
    made = makers(records)
    ranked = state.database.ranked()
    own = (each for each in ranked if made[each.program.id].operator != FOUNDERS)
    return next(own, None)


def _together(tallies: Sequence[Tally]) -> Tally:
    names = [field.name for field in fields(Tally)]
    return Tally(**{name: sum(getattr(each, name) for each in tallies) for name in names})
