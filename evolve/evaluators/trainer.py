"""A locked process that trains, for whoever holds the labels; what goes wrong there is a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, prod
from time import monotonic

import numpy as np

from evolve.config import SandboxTable
from evolve.evaluators.orders import TRAIN, training_order
from evolve.records import Failure, Outcome
from fitness.errors import FrameError
from fitness.exam import Exam
from fitness.frames import answer_shape, pack_lessons, unpack_predictions
from fitness.lesson import Lesson, Predictions
from fitness.recipe import Recipe
from sandbox.confine import Limits, Zygote, ZygoteDied
from sandbox.confine import Outcome as End

_MEBIBYTE = 2**20
_WORTH_IT = 2_000  # steps of nets: some 0.1 s, ten times what a locked child costs
_ENDS = {
    End.TIMED_OUT: Outcome.TIMED_OUT,
    End.OUT_OF_MEMORY: Outcome.OUT_OF_MEMORY,
}


@dataclass(frozen=True, eq=False)
class Shard:
    """Lessons that one process trains: their places in the exam, as they are, and packed."""

    places: Sequence[int]
    lessons: Sequence[Lesson]
    packed: bytes


def sharded(exam: Exam, processes: int) -> list[Shard]:
    """Equal shards of an exam's lessons, fewer where one process alone is as quick."""
    recipe, lessons = exam.recipe, exam.lessons
    work = len(lessons) * recipe.seeds * len(recipe.learning_rates) * recipe.steps
    many = max(1, min(processes, len(lessons), work // _WORTH_IT))
    # Lessons of one form are trained as one network: they stay together.
    forms = [each.form for each in lessons]
    order = sorted(range(len(lessons)), key=lambda place: forms.index(forms[place]))
    found = []
    for places in np.array_split(order, many):
        own = [lessons[place] for place in places]
        found.append(Shard(places.tolist(), own, pack_lessons(own)))
    return found


class Trainer:
    """A zygote that trains one batch of programs at a time; one that dies is replaced."""

    def __init__(self, sandbox: SandboxTable, elsewhere: str, start: Callable[[], Zygote]) -> None:
        """Starts the zygote.

        Args:
            sandbox: the limits of one training.
            elsewhere: the graph that stands in the layers that a recipe does not give away.
            start: begins a zygote; what it raises, `train` may raise as well.
        """
        self._sandbox = sandbox
        self._elsewhere = elsewhere
        self._start = start
        self._closed = False
        self._zygote = start()

    def train(
        self, candidates: Sequence[str], recipe: Recipe, shard: Shard
    ) -> tuple[list[Sequence[Predictions]], float] | Failure:
        """What each program's nets answer, lesson by lesson, and the seconds that it took."""
        order = training_order(candidates, self._elsewhere, recipe, shard.packed)
        lessons = [*shard.lessons] * len(candidates)
        started = monotonic()
        try:
            report = self._zygote.run(TRAIN, order, self._limits(lessons, recipe))
        except ZygoteDied as error:
            if not self._closed:
                self._zygote = self._start()
            return Failure(Outcome.CRASHED, str(error), monotonic() - started)
        if report.outcome is not End.DONE:
            outcome = _ENDS.get(report.outcome, Outcome.CRASHED)
            return Failure(outcome, f"{report.outcome}: {report.detail}", report.seconds)
        try:
            answers = unpack_predictions(report.answer, lessons, recipe)
        except FrameError as error:
            return Failure(Outcome.CRASHED, str(error), report.seconds)
        size = len(shard.lessons)
        return [answers[i : i + size] for i in range(0, len(answers), size)], report.seconds

    def close(self) -> None:
        """Ends the zygote, and a training under way."""
        self._closed = True
        self._zygote.close()

    def _limits(self, lessons: Sequence[Lesson], recipe: Recipe) -> Limits:
        rates = len(recipe.learning_rates)
        numbers = sum(len(each.noise_seeds) * rates * prod(answer_shape(each)) for each in lessons)
        return Limits(
            seconds=self._sandbox.seconds,
            cpu_seconds=ceil(self._sandbox.seconds),
            memory_bytes=self._sandbox.memory_mb * _MEBIBYTE,
            answer_bytes=64 + 4 * numbers,
        )
