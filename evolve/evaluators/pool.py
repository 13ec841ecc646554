"""An evaluator of as many threads as there are measurers, here or on other machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from math import isfinite
from queue import SimpleQueue
from threading import Lock
from time import monotonic
from typing import Protocol, TypeAlias

from evolve.records import Admission, Evaluation, Failure
from fitness.judgement import judge
from fitness.losses import Losses
from fitness.task import NO_SHIFT

Draw: TypeAlias = tuple[int, int | None]
"""A round, and a rung or the full measurement."""


class Measures(Protocol):
    """Something that trains one program at a time."""

    def measure(
        self,
        candidate: str,
        round: int,  # noqa: A002
        rung: int | None = None,
    ) -> Losses | Failure:
        """Losses of the activation that the JSON graph `candidate` describes, in a round's exam."""
        ...

    def close(self) -> None:
        """Gives back what was started for it."""
        ...


class Pool:
    """Measures programs on whichever measurer is free, and judges them beside GELU.

    GELU is measured once a round, as any program would be.
    """

    def __init__(
        self,
        measurers: Sequence[Measures],
        reference: str,
        linear: Callable[[int, int | None], Losses],
        release: Callable[[], None] | None = None,
    ) -> None:
        """Takes the measurers and what they are judged by.

        Args:
            measurers: one for each program that is trained at once.
            reference: the graph of GELU.
            linear: gives the linear control's losses in a round.
            release: what to do when all measurers are closed.
        """
        self._release = release
        self.workers = len(measurers)
        self._measurers = measurers
        self._idle: SimpleQueue[Measures] = SimpleQueue()
        for measurer in measurers:
            self._idle.put(measurer)
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="evaluator")
        self._reference, self._linear = reference, linear
        self._known: dict[Draw, Future[Losses | Failure]] = {}
        self._lock = Lock()

    def submit(
        self,
        admission: Admission,
        round: int,  # noqa: A002
        rung: int | None = None,
    ) -> Future[Evaluation | Failure]:
        """Begins to measure `admission`; returns at once."""
        return self._threads.submit(self._evaluate, admission.graph, (round, rung))

    def close(self) -> None:
        """Ends the measurers; what was in flight is lost."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for measurer in self._measurers:
            measurer.close()
        if self._release is not None:
            self._release()

    def _evaluate(self, graph: str, draw: Draw) -> Evaluation | Failure:
        started = monotonic()
        losses = self._losses(graph, draw)
        if isinstance(losses, Failure):
            return losses
        seconds = monotonic() - started
        reference = self._losses(self._reference, draw)
        if isinstance(reference, Failure):
            return reference
        found = judge(losses, reference, self._linear(*draw))
        return Evaluation(
            fitness=found.fitness,
            interval=found.interval,
            gains=found.gains,
            scores=found.scores,
            failed=found.failed_share,
            narrow=found.narrow,
            seeds=losses.recipe.seeds,
            round=draw[0],
            seconds=seconds,
            losses=_errors(losses),
        )

    def _losses(self, graph: str, draw: Draw) -> Losses | Failure:
        if graph != self._reference:
            return self._measured(graph, draw)
        with self._lock:
            known = self._known.get(draw)
            if known is None:
                mine = self._known[draw] = Future()
        if known is not None:
            return known.result()
        try:
            mine.set_result(self._measured(graph, draw))
        except BaseException as error:
            mine.set_exception(error)
            raise
        return mine.result()

    def _measured(self, graph: str, draw: Draw) -> Losses | Failure:
        measurer = self._idle.get()
        try:
            return measurer.measure(graph, *draw)
        finally:
            self._idle.put(measurer)


def _errors(losses: Losses) -> dict[str, list[list[float | None]]]:
    """Every net's error, to six digits: what a ledger keeps."""
    return {
        f"{task.task}/{shift}": [
            [float(f"{each:.6g}") if isfinite(each) else None for each in seed] for seed in errors
        ]
        for task in losses.tasks
        for shift, errors in ((NO_SHIFT, task.inside.tolist()), (task.shift, task.outside.tolist()))
    }
