"""The workshop: a zygote that trains networks for operators, on the lessons of the search."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any

from evolve.config import Config
from evolve.errors import EvolveError, NoProposal
from evolve.evaluators.exams import exam
from evolve.evaluators.references import graph
from evolve.evaluators.zygotes import nursery
from evolve.workshop import FAULT, pack
from sandbox.confine import Limits, Outcome, Zygote, ZygoteDied

SEEDS = 2  # of a lesson: enough to tell what is common to nets
_SECONDS, _MEMORY, _ANSWER = 60.0, 2**30, 2**20


class LockedWorkshop:
    """Trains what operators ask for, one job at a time; starts its process when first asked.

    The lessons are those of the search's own round: training targets, and no label that a score
    depends on.
    """

    def __init__(self, config: Config, operators: Collection[str]) -> None:
        """Takes the run's settings, and the operators whose module `locked` holds jobs."""
        self._table = config.fitness
        self._elsewhere = graph(config.fitness.elsewhere)
        self._preload = [f"evolve.operators.{name}.locked" for name in operators]
        self._lock = Lock()
        self._zygote: Zygote | None = None
        self._closed = False

    def work(self, job: str, order: Mapping[str, Any], draw: int) -> Mapping[str, Any]:
        """What a job answers that is handed the lesson of one task, chosen by `draw`.

        Raises:
            NoProposal: the job found nothing, or ran into its limits.
            EvolveError: the process cannot be started.
        """
        drawn = exam(self._table, 0)
        lesson = drawn.lessons[draw % len(drawn.lessons)].seeds_between(0, SEEDS)
        # What trains for an operator is a process on the CPU, whatever the evaluators use.
        recipe = replace(drawn.recipe, seeds=len(lesson.noise_seeds), device="cpu")
        message = pack(order, recipe, self._elsewhere, lesson)
        limits = Limits(_SECONDS, int(_SECONDS), _MEMORY, _ANSWER)
        with self._lock:
            try:
                report = self._started().run(job, message, limits)
            except ZygoteDied as error:
                self._zygote = None
                raise NoProposal(f"{job}: {error}") from None
        if report.outcome is not Outcome.DONE:
            raise NoProposal(f"{job} ended as {report.outcome}: {report.detail}")
        answer: dict[str, Any] = json.loads(report.answer)
        if FAULT in answer:
            raise NoProposal(str(answer[FAULT]))
        return answer

    def close(self) -> None:
        """Ends the process, if one was started, and begins no other."""
        self._closed = True
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None

    def _started(self) -> Zygote:
        if self._closed:
            raise NoProposal("the workshop has closed")
        if self._zygote is None:
            try:
                self._zygote = Zygote(self._preload, nursery=nursery())
            except ZygoteDied as error:
                raise EvolveError(f"the workshop does not start: {error}") from None
        return self._zygote
