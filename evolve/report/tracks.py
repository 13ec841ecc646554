"""The track of one run in a comparison: its best so far, over what it had used by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.config import Config
from evolve.portfolio import FOUNDERS, Tally
from evolve.records import Evaluation, Individual, Record
from evolve.state import State

Row: TypeAlias = npt.NDArray[np.float64]

WORST = -1.0
"""What stands for the best of nothing: gains are clipped there."""


@dataclass(frozen=True, eq=False)
class Track:
    """What an arm's own proposals had come to after each of its evaluations; founders apart.

    Attributes:
        path: the run's folder.
        seconds: the run had been at work for so long.
        dollars: its models had charged so much.
        best: the fitness of the fittest of its own, as the search saw it: flattered by luck.
        tally: what came of its trials, all operators of the arm together.
        favourite: the program of its own with the highest shrunken fitness, if there is any.
        valid: that program on the valid split; none before it was measured.
    """

    arm: str
    repeat: int
    path: str
    seconds: Row
    dollars: Row
    best: Row
    tally: Tally
    favourite: Individual | None
    valid: Evaluation | None

    @property
    def evaluations(self) -> int:
        """How many programs of its own were trained."""
        return len(self.best)

    @property
    def fitness(self) -> float:
        """What the favourite is worth on valid; the worst where there is none, or it failed."""
        return self.valid.fitness if self.valid else WORST

    def at_evaluations(self, count: int) -> float:
        """The best after so many evaluations."""
        return float(self.best[count - 1]) if 0 < count <= len(self.best) else WORST

    def at_seconds(self, seconds: float) -> float:
        """The best after so long."""
        return self.at_evaluations(int(np.searchsorted(self.seconds, seconds, side="right")))

    def at_dollars(self, dollars: float) -> float:
        """The best for so much money; a run that costs nothing stands where it ends."""
        return self.at_evaluations(int(np.searchsorted(self.dollars, dollars, side="right")))


def track(
    arm: str,
    repeat: int,
    path: str,
    records: Sequence[Record],
    config: Config,
    valid: Evaluation | None,
) -> Track:
    """The track that a run's records tell of."""
    state = State.of(config, records)
    own = [each for each in records if each.operator != FOUNDERS and not each.round]
    trained = [each for each in own if each.outcome.trained]
    fitness = [_seen(each.evaluation) for each in trained]
    spent = dict(zip((each.step for each in own), np.cumsum([e.dollars for e in own]), strict=True))
    tallies = [tally for name, tally in state.portfolio.tallies.items() if name != FOUNDERS]
    return Track(
        arm=arm,
        repeat=repeat,
        path=path,
        seconds=np.array([each.clock for each in trained], dtype=float),
        dollars=np.array([spent[each.step] for each in trained], dtype=float),
        best=np.maximum.accumulate(np.array(fitness, dtype=float)),
        tally=_together(tallies),
        favourite=favourite(state, records),
        valid=valid,
    )


def favourite(state: State, records: Sequence[Record]) -> Individual | None:
    """The program that the run itself found and believes in most: the founders' do not count."""
    founders = {each.program.id for each in records if each.program and each.operator == FOUNDERS}
    own = (each for each in state.database.ranked() if each.program.id not in founders)
    return next(own, None)


def _seen(evaluation: Evaluation | None) -> float:
    """What may stand as the best: a cheap rung's figures compare with nothing else."""
    return evaluation.fitness if evaluation and evaluation.complete else WORST


def _together(tallies: Sequence[Tally]) -> Tally:
    names = [field.name for field in fields(Tally)]
    return Tally(**{name: sum(getattr(each, name) for each in tallies) for name in names})
