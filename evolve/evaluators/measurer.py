"""Trains programs in a locked process, and grades the answers outside of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
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
from fitness.lesson import Predictions
from fitness.losses import Losses, grade, linear_predictor
from sandbox.confine import Limits, ZygoteDied
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
    """What an actor does: a batch of programs at a time, in draws that were prepared."""

    def ready(self) -> None:
        """Answers: whoever hears of it knows that it has started."""
        ...

    def prepare(self, draw: Draw, exam: Exam) -> None:
        """Keeps what is measured in a draw."""
        ...

    def measure(
        self, candidates: Sequence[str], draw: Draw, reference: Losses | None
    ) -> list[Answer]:
        """What each of the activations that JSON graphs describe is worth in a draw.

        Args:
            candidates: the graphs.
            draw: which exam; it was prepared.
            reference: GELU's losses in the same draw; without them nothing can be judged yet.
        """
        ...


class Measurer:
    """A zygote that trains, and the exams with the labels that the zygote never sees."""

    def __init__(
        self,
        sandbox: SandboxTable,
        elsewhere: str,
        device: str = "cpu",
        nursery: str | None = None,
    ) -> None:
        """Starts the zygote.

        Args:
            sandbox: the limits of one training.
            elsewhere: the graph that stands in the layers that a recipe does not give away.
            device: where the recipes train.
            nursery: the address of another program's, to start the zygote there if it answers.

        Raises:
            EvolveError: the sandbox does not start, or reaches no such device.
        """
        self._sandbox = sandbox
        self._elsewhere = elsewhere
        self._start = partial(start, device, nursery)
        self._closed = False
        self._zygote = self._start()
        self._prepared: dict[Draw, _Prepared] = {}

    def ready(self) -> None:
        """Nothing: the zygote has started."""

    def prepare(self, draw: Draw, exam: Exam) -> None:
        """Packs the lessons, once."""
        if draw in self._prepared:
            return
        self._prepared[draw] = _Prepared(exam, pack_lessons(exam.lessons), linear_predictor(exam))

    def measure(
        self, candidates: Sequence[str], draw: Draw, reference: Losses | None
    ) -> list[Answer]:
        """The losses of nets that the zygote trains in one batch, judged if they can be.

        Of a batch that does not come through, each is trained by itself: the guilty fail alone.
        """
        prepared = self._prepared[draw]
        started = monotonic()
        found = self._trained(candidates, prepared)
        if not isinstance(found, Failure):
            seconds = monotonic() - started
            return [_marked(each, prepared.linear, seconds, reference) for each in found]
        if len(candidates) == 1:
            return [found]
        return [answer for each in candidates for answer in self.measure([each], draw, reference)]

    def _trained(
        self, candidates: Sequence[str], prepared: _Prepared
    ) -> list[Losses | Failure] | Failure:
        """Each one's losses or what came of it, or what came of the batch."""
        exam, count = prepared.exam, len(candidates)
        order = training_order(candidates, self._elsewhere, exam.recipe, prepared.lessons)
        started = monotonic()
        try:
            report = self._zygote.run(TRAIN, order, self._limits(exam, count))
        except ZygoteDied as error:
            if not self._closed:
                self._zygote = self._start()
            return Failure(Outcome.CRASHED, str(error), monotonic() - started)
        if report.outcome is not End.DONE:
            outcome = _ENDS.get(report.outcome, Outcome.CRASHED)
            return Failure(outcome, f"{report.outcome}: {report.detail}", report.seconds)
        try:
            answers = unpack_predictions(report.answer, exam.lessons * count, exam.recipe)
        except FrameError as error:
            return Failure(Outcome.CRASHED, str(error), report.seconds)
        tasks = len(exam.lessons)
        own = (answers[first : first + tasks] for first in range(0, len(answers), tasks))
        return [_graded(exam, each, report.seconds) for each in own]

    def close(self) -> None:
        """Ends the zygote, and a training under way."""
        self._closed = True
        self._zygote.close()

    def _limits(self, exam: Exam, count: int) -> Limits:
        rates = len(exam.recipe.learning_rates)
        numbers = sum(
            len(each.noise_seeds) * rates * prod(answer_shape(each)) for each in exam.lessons
        )
        return Limits(
            seconds=self._sandbox.seconds,
            cpu_seconds=int(np.ceil(self._sandbox.seconds)),
            memory_bytes=self._sandbox.memory_mb * _MEBIBYTE,
            answer_bytes=64 + 4 * count * numbers,
        )


def _graded(exam: Exam, predictions: Sequence[Predictions], seconds: float) -> Losses | Failure:
    if all(np.isnan(each).any(axis=(2, 3)).all() for each in predictions):
        return Failure(Outcome.NOT_FINITE, "every net turned non-finite", seconds)
    return grade(exam, predictions)


def _marked(
    found: Losses | Failure, linear: Losses, seconds: float, reference: Losses | None
) -> Answer:
    if isinstance(found, Failure):
        return found
    marked = Marked(found, linear, seconds)
    return marked if reference is None else marked.against(reference)
