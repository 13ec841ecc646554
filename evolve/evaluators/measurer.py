"""Trains one program at a time in a locked process, and grades the answers outside of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from time import monotonic
from typing import Protocol, TypeAlias

import numpy as np

from evolve.config import SandboxTable
from evolve.evaluators.orders import TRAIN, training_order
from evolve.evaluators.zygotes import start
from evolve.records import Evaluation, Failure, Outcome
from fitness.errors import FrameError
from fitness.exam import Exam
from fitness.frames import answer_shape, pack_lessons, unpack_predictions
from fitness.judgement import judge
from fitness.losses import Losses, grade, linear_predictor
from sandbox.confine import Limits, Report, ZygoteDied
from sandbox.confine import Outcome as End

Draw: TypeAlias = tuple[int, int | None]
"""A round, and a rung or the full measurement."""

_MEBIBYTE = 2**20
_DIGITS = 4  # of the intervals of gains, of which a ledger keeps many
_ENDS = {
    End.TIMED_OUT: Outcome.TIMED_OUT,
    End.OUT_OF_MEMORY: Outcome.OUT_OF_MEMORY,
}


@dataclass(frozen=True, eq=False)
class Marked:
    """A program's losses in a draw, beside those of the linear control, and seconds of training."""

    losses: Losses
    linear: Losses
    seconds: float

    def against(self, reference: Losses) -> Evaluation:
        """The judgement on the program, when GELU came to these losses in the same draw."""
        found = judge(self.losses, reference, self.linear)
        return Evaluation(
            fitness=found.fitness,
            interval=found.interval,
            gains=found.gains,
            intervals={
                key: (round(low, _DIGITS), round(high, _DIGITS))
                for key, (low, high) in found.gain_intervals.items()
            },
            scores=found.scores,
            failed=found.failed_share,
            narrow=found.narrow,
            seeds=self.losses.recipe.seeds,
            round=self.losses.round_number,
            seconds=self.seconds,
            losses=self.losses.by_shift(),
        )


Answer: TypeAlias = Evaluation | Marked | Failure


@dataclass(frozen=True, eq=False)
class _Prepared:
    exam: Exam
    lessons: bytes
    linear: Losses


class Measures(Protocol):
    """What an actor does: one program at a time, in draws that were prepared."""

    def ready(self) -> None:
        """Answers: whoever hears of it knows that it has started."""
        ...

    def prepare(self, draw: Draw, exam: Exam) -> None:
        """Keeps what is measured in a draw."""
        ...

    def measure(self, candidate: str, draw: Draw, reference: Losses | None) -> Answer:
        """What the activation that a JSON graph describes is worth in a draw.

        Args:
            candidate: the graph.
            draw: which exam; it was prepared.
            reference: GELU's losses in the same draw; without them nothing can be judged yet.
        """
        ...


class Measurer:
    """A zygote that trains, and the exams with the labels that the zygote never sees."""

    def __init__(self, sandbox: SandboxTable, elsewhere: str) -> None:
        """Starts the zygote.

        Args:
            sandbox: the limits of one training.
            elsewhere: the graph that stands in the layers that a recipe does not give away.

        Raises:
            EvolveError: the sandbox does not start.
        """
        self._sandbox = sandbox
        self._elsewhere = elsewhere
        self._closed = False
        self._zygote = start()
        self._prepared: dict[Draw, _Prepared] = {}

    def ready(self) -> None:
        """Nothing: the zygote has started."""

    def prepare(self, draw: Draw, exam: Exam) -> None:
        """Packs the lessons, once."""
        if draw in self._prepared:
            return
        self._prepared[draw] = _Prepared(exam, pack_lessons(exam.lessons), linear_predictor(exam))

    def measure(self, candidate: str, draw: Draw, reference: Losses | None) -> Answer:
        """The losses of nets that the zygote trains, judged if they can be."""
        prepared = self._prepared[draw]
        order = training_order(candidate, self._elsewhere, prepared.exam.recipe, prepared.lessons)
        started = monotonic()
        try:
            report = self._zygote.run(TRAIN, order, self._limits(prepared.exam))
        except ZygoteDied as error:
            if not self._closed:
                self._zygote = start()
            return Failure(Outcome.CRASHED, str(error), monotonic() - started)
        losses = _graded(prepared.exam, report)
        if isinstance(losses, Failure):
            return losses
        marked = Marked(losses, prepared.linear, monotonic() - started)
        return marked if reference is None else marked.against(reference)

    def close(self) -> None:
        """Ends the zygote, and a training under way."""
        self._closed = True
        self._zygote.close()

    def _limits(self, exam: Exam) -> Limits:
        rates = len(exam.recipe.learning_rates)
        numbers = sum(
            len(each.noise_seeds) * rates * prod(answer_shape(each)) for each in exam.lessons
        )
        return Limits(
            seconds=self._sandbox.seconds,
            cpu_seconds=int(np.ceil(self._sandbox.seconds)),
            memory_bytes=self._sandbox.memory_mb * _MEBIBYTE,
            answer_bytes=64 + 4 * numbers,
        )


def _graded(exam: Exam, report: Report) -> Losses | Failure:
    if report.outcome is not End.DONE:
        outcome = _ENDS.get(report.outcome, Outcome.CRASHED)
        return Failure(outcome, f"{report.outcome}: {report.detail}", report.seconds)
    try:
        predictions = unpack_predictions(report.answer, exam.lessons, exam.recipe)
    except FrameError as error:
        return Failure(Outcome.CRASHED, str(error), report.seconds)
    if all(np.isnan(each).any(axis=(2, 3)).all() for each in predictions):
        return Failure(Outcome.NOT_FINITE, "every net turned non-finite", report.seconds)
    return grade(exam, predictions)
