"""An evaluator of many workers, here or on other machines: who trains what, and what if one dies.

All that happens is an event on one thread, so nothing here needs a lock; training is elsewhere.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, Protocol

from evolve.errors import EvolveError
from evolve.evaluators.errands import Errand, fail, judge, next_batch, settle
from evolve.evaluators.measurer import Answer, Draw, Marked
from evolve.records import Admission, Evaluation, Failure, Outcome
from fitness.exam import Exam
from fitness.losses import Losses

ATTEMPTS = 3
"""Workers that may die of one program, or starts of one worker that may fail, before it is over."""

_TICK = 0.5  # seconds between looks at the clock
_WORTH_A_CALL = 0.05  # seconds; of programs that take less, several are asked for at once
_HEED = 0.1  # of the latest against all before
_log = logging.getLogger(__name__)


class WorkerLostError(Exception):
    """A worker is gone, and what it was doing with it; the message says why."""


class Worker(Protocol):
    """Trains one batch of programs at a time, somewhere."""

    def start(self) -> Future[None]:
        """Begins, or begins anew; what was under way is lost. Done when it can be asked."""
        ...

    def begin(
        self, graphs: Sequence[str], draw: Draw, exam: Exam, reference: Losses | None
    ) -> Future[list[Answer]]:
        """Begins to measure; returns at once. The future raises `WorkerLostError` if it dies."""
        ...

    def close(self) -> None:
        """Gives back what was started for it."""
        ...


@dataclass(eq=False)
class _Post:
    """A worker's place: what it is at, since when; its failures to start in a row, and why."""

    worker: Worker
    number: int
    batch: Sequence[Errand] = ()
    begun: float = 0.0
    failures: int = 0
    why: str = ""


class Pool:
    """Measures programs on whichever worker is free, and has them judged beside GELU.

    GELU is measured once a draw, as any program would be. A program whose worker dies or says
    nothing is tried again elsewhere, twice at most; then that is what came of it. Of a batch, each
    is first tried by itself.
    """

    def __init__(
        self,
        workers: Sequence[Worker],
        reference: str,
        exam: Callable[[int, int | None], Exam],
        *,
        together: int = 1,
        most: int = 1,
        silence: float = float("inf"),
        release: Callable[[], None] | None = None,
    ) -> None:
        """Starts the workers.

        Args:
            workers: one for each batch that is trained at once.
            reference: the graph of GELU.
            exam: draws what is measured in a round, on a rung.
            together: programs of one draw in a batch, at most.
            most: so many in a call, if they take no time: what a call costs is then shared.
            silence: seconds a training after which a worker that says nothing counts as dead.
            release: what to do when all workers are closed.
        """
        self._together, self._most = together, max(together, most)
        self._seconds = _WORTH_A_CALL  # that a program takes, of late
        self._reference, self._exam = reference, exam
        self._silence, self._release = silence, release
        self._posts = [_Post(worker, number) for number, worker in enumerate(workers, 1)]
        self._idle: deque[_Post] = deque()
        self._waiting: deque[Errand] = deque()
        self._yardsticks: dict[Draw, Future[Answer]] = {}
        self._exams: dict[Draw, Exam] = {}
        self._closing = False
        self._fault: Exception | None = None
        self._events: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._serve, name="evaluators", daemon=True)
        for post in self._posts:
            self._start(post)
        self._thread.start()

    @property
    def workers(self) -> int:
        """How many programs are trained at once, or are in one call with such a one."""
        return len(self._posts) * self._in_a_call

    @property
    def _in_a_call(self) -> int:
        worth = int(_WORTH_A_CALL / max(self._seconds, 1e-9))
        return max(self._together, min(self._most, worth))

    def submit(
        self,
        admission: Admission,
        round: int,  # noqa: A002
        rung: int | None = None,
    ) -> Future[Evaluation | Failure]:
        """Begins to measure `admission`; returns at once."""
        draw = (round, rung)
        if draw not in self._exams:
            self._exams[draw] = self._exam(round, rung)
        asked: Future[Evaluation | Failure] = Future()
        self._events.put(partial(self._take, admission.graph, draw, asked))
        return asked

    def close(self) -> None:
        """Ends the workers; what was in flight is lost."""
        self._closing = True
        self._events.put(None)
        self._thread.join()
        while not self._events.empty():
            if event := self._events.get():
                self._live_through(event)
        for post in self._posts:
            post.worker.close()
        for errand in self._unanswered():
            errand.asked.cancel()
        if self._release is not None:
            self._release()

    def _serve(self) -> None:
        looked = monotonic()
        while True:
            with suppress(Empty):
                event = self._events.get(timeout=_TICK)
                if event is None:
                    return
                self._live_through(event)
            if monotonic() - looked > _TICK:
                looked = monotonic()
                self._live_through(self._look_at_the_clock)

    def _live_through(self, event: Callable[[], None]) -> None:
        """An error of ours ends the pool, not the thread that others wait for."""
        try:
            event()
        except Exception as error:  # noqa: BLE001  (nobody is above: whoever asks is told)
            self._fault = error
            for errand in self._unanswered():
                fail(errand.asked, error)
            self._waiting.clear()

    def _unanswered(self) -> list[Errand]:
        return [*self._waiting, *(errand for post in self._posts for errand in post.batch)]

    def _take(self, graph: str, draw: Draw, asked: Future[Evaluation | Failure]) -> None:
        """Queues a program, behind GELU if that has not been measured in its draw."""
        if self._fault:
            fail(asked, self._fault)
            return
        yardstick = self._yardsticks.get(draw)
        if yardstick is None:
            first = Errand(self._reference, draw)
            yardstick = self._yardsticks[draw] = first.asked
            self._waiting.append(first)
        if graph == self._reference:
            own = yardstick
        else:
            errand = Errand(graph, draw)
            own = errand.asked
            self._waiting.append(errand)
        own.add_done_callback(partial(judge, yardstick=yardstick, asked=asked))
        self._dispatch()

    def _dispatch(self) -> None:
        if all(post.failures == ATTEMPTS for post in self._posts):
            self._give_up()
        while self._waiting and self._idle and not self._closing:
            post, batch = self._idle.popleft(), next_batch(self._waiting, self._in_a_call)
            post.batch, post.begun = batch, monotonic()
            graphs, draw = [each.graph for each in batch], batch[0].draw
            answer = post.worker.begin(graphs, draw, self._exams[draw], self._known(draw))
            answer.add_done_callback(self._event(self._answered, post, batch))

    def _known(self, draw: Draw) -> Losses | None:
        """GELU's losses in a draw, if they are there already."""
        yardstick = self._yardsticks[draw]
        known = yardstick.done() and not yardstick.exception()
        found = yardstick.result() if known else None
        return found.losses if isinstance(found, Marked) else None

    def _answered(
        self, post: _Post, batch: Sequence[Errand], answers: Future[list[Answer]]
    ) -> None:
        if post.batch is not batch:
            return  # too late: it was given up before
        error = answers.exception()
        if isinstance(error, WorkerLostError):
            self._mourn(post, str(error))
            return
        if error is None:
            took = (monotonic() - post.begun) / len(batch)
            self._seconds += _HEED * (took - self._seconds)
            for errand, answer in zip(batch, answers.result(), strict=True):
                settle(errand.asked, answer)
        else:
            for errand in batch:
                fail(errand.asked, error)
        post.batch = ()
        self._idle.append(post)
        self._dispatch()

    def _mourn(self, post: _Post, why: str) -> None:
        batch, post.batch = post.batch, ()
        for errand in reversed(batch):
            errand.alone = True
            errand.deaths += len(batch) == 1  # of several, nobody knows over which it died
            if errand.deaths == ATTEMPTS:
                detail = f"{ATTEMPTS} workers were lost over it; the last: {why}"
                settle(errand.asked, Failure(Outcome.CRASHED, detail))
            else:
                self._waiting.appendleft(errand)
        if any(not errand.asked.done() for errand in batch):
            _log.warning(
                "worker %d: %s; what it trained is tried again elsewhere", post.number, why
            )
        self._start(post)
        self._dispatch()

    def _start(self, post: _Post) -> None:
        if not self._closing:
            post.worker.start().add_done_callback(self._event(self._started, post))

    def _started(self, post: _Post, started: Future[None]) -> None:
        error = started.exception()
        if error is None:
            post.failures = 0
            self._idle.append(post)
        elif post.failures + 1 < ATTEMPTS:
            post.failures += 1
            self._start(post)
        else:
            post.failures, post.why = ATTEMPTS, str(error)
            _log.warning("worker %d does not start: %s", post.number, error)
        self._dispatch()

    def _give_up(self) -> None:
        """Nobody is left to train anything: whoever waits is told."""
        for errand in self._waiting:
            fail(errand.asked, EvolveError(f"no worker starts: {self._posts[0].why}"))
        self._waiting.clear()

    def _look_at_the_clock(self) -> None:
        for post in self._posts:
            # Those of a batch may have been trained together, and then each by itself.
            trainings = len(post.batch) + (len(post.batch) > 1)
            if trainings and monotonic() - post.begun > self._silence * trainings:
                self._mourn(post, f"said nothing for {self._silence * trainings:g} s")

    def _event(self, act: Callable[..., None], *known: object) -> Callable[[Future[Any]], None]:
        """What to call when a future is done: the rest happens on the pool's own thread."""
        return lambda future: self._events.put(partial(act, *known, future))
