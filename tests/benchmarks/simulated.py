"""Measurers that only pretend to train: a nap, or half a second of a core in a locked process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread

from evolve import settings
from evolve.config import Config
from evolve.evaluators.measurer import Answer, Draw, Marked
from evolve.evaluators.pool import Pool
from evolve.evaluators.references import graph
from evolve.loop import Loop
from evolve.protocols import Evaluator, Operator
from evolve.records import Admission, Evaluation, Failure
from evolve.runs import Run
from evolve.samplers import Samplers
from evolve.state import State
from fitness.baselines import REFERENCE
from fitness.exam import Exam, draw
from fitness.losses import Losses, constant_predictor, linear_predictor
from fitness.recipe import Recipe
from fitness.suites import select
from sandbox.confine import Zygote
from tests.benchmarks.population import admit, figures

_IDLE = 0.02  # seconds after which nobody else will ask


class Napping:
    """Sleeps, and answers with figures by chance."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def ready(self) -> None:
        """It is."""

    def prepare(self, draw: Draw, exam: Exam) -> None:
        """Keeps the exam."""
        self.exam = exam

    def measure(
        self, candidates: Sequence[str], draw: Draw, reference: Losses | None
    ) -> list[Answer]:
        """The figures of each program."""
        return [self._measured(each, reference) for each in candidates]

    def _measured(self, candidate: str, reference: Losses | None) -> Answer:
        self.work()
        if reference is None:
            losses = constant_predictor(self.exam)
            return Marked(losses, linear_predictor(self.exam), self.seconds)
        return figures(sum(candidate.encode()) % 256)

    def work(self) -> None:
        """A nap."""
        time.sleep(self.seconds)


class Burning(Napping):
    """Keeps a core busy for so many seconds, in a locked process of its own for each program."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.zygote = Zygote([__name__])

    def work(self) -> None:
        """What a training costs."""
        self.zygote.run(f"{__name__}:burn", str(self.seconds).encode())


class Answering:
    """An evaluator in this process that answers at once, but keeps all its workers asked."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._asked = SimpleQueue[tuple[Future[Evaluation | Failure], str] | None]()
        self._thread = Thread(target=self._answer)
        self._thread.start()

    def submit(
        self,
        admission: Admission,
        round: int,  # noqa: A002
        rung: int | None = None,
    ) -> Future[Evaluation | Failure]:
        """Figures by chance, as soon as so many others are asked, or nobody asks."""
        asked: Future[Evaluation | Failure] = Future()
        self._asked.put((asked, admission.graph))
        return asked

    def close(self) -> None:
        """Ends the thread."""
        self._asked.put(None)
        self._thread.join()

    def _answer(self) -> None:
        while order := self._asked.get():
            late = time.monotonic() + _IDLE
            while self._asked.qsize() < self.workers - 1 and time.monotonic() < late:
                time.sleep(_IDLE / 10)
            order[0].set_result(figures(sum(order[1].encode()) % 256))


def burn(message: bytes) -> bytes:
    """Seconds of processor time."""
    until = time.process_time() + float(message)
    while time.process_time() < until:
        pass
    return b""


def small_exam(round_number: int, _: int | None) -> Exam:
    """One task, two seeds: what it costs does not count."""
    tasks = select("lab", "search")
    return draw(tasks.only(tasks.tasks[0].name), Recipe(steps=21, seeds=2), round_number)


def config(evaluations: int) -> Config:
    """A search of one operator without racing and controls."""
    said = ["search.operators=['gp']", "search.control_share=0.0", "fitness.rungs=[]"]
    return settings.read(None, [*settings.budget(f"evaluations={evaluations}"), *said])


def pool(measurer: type[Napping], seconds: float, workers: int, silence: float) -> Pool:
    """Actors of a Ray that this process has joined; leaves it when closed."""
    import ray

    from evolve.evaluators.ray import MOST_IN_A_CALL, Shelf, There

    table, shelf = Config().evaluators, Shelf()
    posts = [There(measurer, (seconds,), table, shelf) for _ in range(workers)]
    return Pool(
        posts, graph(REFERENCE), small_exam,
        most=MOST_IN_A_CALL, silence=silence, release=ray.shutdown,
    )  # fmt: skip


def loop(run: Run, evaluator: Evaluator, operator: Operator, ahead: int | None) -> Loop:
    """A search by one operator, whose founders it makes too."""
    operators = dict.fromkeys(("founders", "gp"), operator)
    room = evaluator.workers * (8 if ahead is None else 1 + ahead)
    return Loop(
        State.of(run.config), Samplers(operators, admit, 0, threads=room), evaluator,
        run.ledger(), seed=0, founders=3, ahead=ahead, promotes=True,
    )  # fmt: skip
