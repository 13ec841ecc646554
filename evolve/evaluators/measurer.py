"""Trains one program at a time in a locked process, and grades the answers outside of it."""

from __future__ import annotations

from math import prod
from time import monotonic

import numpy as np

from evolve.config import FitnessTable, SandboxTable
from evolve.evaluators.exams import exam
from evolve.evaluators.orders import TRAIN, training_order
from evolve.evaluators.references import graph
from evolve.evaluators.zygotes import start
from evolve.records import Failure, Outcome
from fitness.errors import FrameError
from fitness.exam import Exam
from fitness.frames import answer_shape, pack_lessons, unpack_predictions
from fitness.losses import Losses, grade
from sandbox.confine import Limits, Report, ZygoteDied
from sandbox.confine import Outcome as End

_MEBIBYTE = 2**20
_ENDS = {
    End.TIMED_OUT: Outcome.TIMED_OUT,
    End.OUT_OF_MEMORY: Outcome.OUT_OF_MEMORY,
}


class Measurer:
    """A zygote that trains, and the rounds' exams with the labels that the zygote never sees."""

    def __init__(self, fitness: FitnessTable, sandbox: SandboxTable) -> None:
        self._fitness = fitness
        self._sandbox = sandbox
        self._elsewhere = graph(fitness.elsewhere)
        self._zygote = start()
        self._exams: dict[tuple[int, int | None], tuple[Exam, bytes]] = {}

    def measure(
        self,
        candidate: str,
        round: int,  # noqa: A002
        rung: int | None = None,
    ) -> Losses | Failure:
        """Losses of the activation that the JSON graph `candidate` describes, in a round's exam."""
        drawn, lessons = self._exam(round, rung)
        rates = len(drawn.recipe.learning_rates)
        numbers = sum(
            len(each.noise_seeds) * rates * prod(answer_shape(each)) for each in drawn.lessons
        )
        limits = Limits(
            seconds=self._sandbox.seconds,
            cpu_seconds=int(np.ceil(self._sandbox.seconds)),
            memory_bytes=self._sandbox.memory_mb * _MEBIBYTE,
            answer_bytes=64 + 4 * numbers,
        )
        order = training_order(candidate, self._elsewhere, drawn.recipe, lessons)
        started = monotonic()
        try:
            report = self._zygote.run(TRAIN, order, limits)
        except ZygoteDied as error:
            self._zygote = start()
            return Failure(Outcome.CRASHED, str(error), monotonic() - started)
        return _graded(drawn, report)

    def close(self) -> None:
        """Ends the zygote."""
        self._zygote.close()

    def _exam(self, round: int, rung: int | None) -> tuple[Exam, bytes]:  # noqa: A002
        key = round, rung
        if key not in self._exams:
            drawn = exam(self._fitness, round, rung)
            self._exams[key] = drawn, pack_lessons(drawn.lessons)
        return self._exams[key]


def _graded(drawn: Exam, report: Report) -> Losses | Failure:
    if report.outcome is not End.DONE:
        outcome = _ENDS.get(report.outcome, Outcome.CRASHED)
        return Failure(outcome, f"{report.outcome}: {report.detail}", report.seconds)
    try:
        predictions = unpack_predictions(report.answer, drawn.lessons, drawn.recipe)
    except FrameError as error:
        return Failure(Outcome.CRASHED, str(error), report.seconds)
    if all(np.isnan(each).any(axis=(2, 3)).all() for each in predictions):
        return Failure(Outcome.NOT_FINITE, "every net turned non-finite", report.seconds)
    return grade(drawn, predictions)
