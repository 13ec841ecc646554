"""Workers that answer as they are told, and a pool of them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache

from evolve.evaluators.measurer import Answer, Draw, Marked
from evolve.evaluators.pool import Pool, WorkerLostError
from evolve.records import Admission, Evaluation, Failure
from evolve.testing import admission, individual
from fitness.exam import Exam, draw
from fitness.losses import Losses, constant_predictor, linear_predictor
from fitness.recipe import Recipe
from fitness.suites import select

GELU = "the graph of GELU"
Do = Callable[["Scripted", str, Losses | None], Answer | Exception | None]


@cache
def exam(round_number: int = 0, _: int | None = None) -> Exam:
    tasks = select("lab", "search")
    return draw(tasks.only(tasks.tasks[0].name), Recipe(steps=21, seeds=2), round_number)


def marked() -> Marked:
    return Marked(constant_predictor(exam()), linear_predictor(exam()), seconds=1.0)


def figures(reference: Losses | None) -> Answer:
    return marked() if reference is None else individual().evaluation


@dataclass(eq=False)
class Scripted:
    """A worker that answers as it is told: with an answer, a mishap, or never."""

    do: Do
    starts: int = 0
    fails_to_start: int = 0
    asked: list[str] = field(default_factory=list)
    batches: list[list[str]] = field(default_factory=list)
    closed: bool = False

    def start(self) -> Future[None]:
        self.starts += 1
        started: Future[None] = Future()
        if self.starts <= self.fails_to_start:
            started.set_exception(WorkerLostError("no room"))
        else:
            started.set_result(None)
        return started

    def begin(
        self, graphs: Sequence[str], draw: Draw, exam: Exam, reference: Losses | None
    ) -> Future[list[Answer]]:
        self.asked += graphs
        self.batches.append(list(graphs))
        future: Future[list[Answer]] = Future()
        answers = [self.do(self, graph, reference) for graph in graphs]
        if error := next((each for each in answers if isinstance(each, Exception)), None):
            future.set_exception(error)
        elif None not in answers:
            future.set_result([each for each in answers if isinstance(each, Answer)])
        return future

    def close(self) -> None:
        self.closed = True


def willing(_: Scripted, __: str, reference: Losses | None) -> Answer:
    return figures(reference)


@contextmanager
def pool(
    *workers: Scripted, together: int = 1, most: int = 1, silence: float = float("inf")
) -> Iterator[Pool]:
    made = Pool(workers, GELU, exam, together=together, most=most, silence=silence)
    with closing(made):
        yield made


def program(name: str) -> Admission:
    return admission("", name, graph=name)


def result(future: Future[Evaluation | Failure]) -> Evaluation | Failure:
    return future.result(timeout=10)
