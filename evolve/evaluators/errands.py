"""Programs that are to be measured, and those who wait for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TypeVar

from evolve.evaluators.measurer import Answer, Draw, Marked
from evolve.records import Evaluation, Failure

T = TypeVar("T")


@dataclass(eq=False)
class Errand:
    """A program to be measured, and who waits for it; `alone` once a worker was lost over it."""

    graph: str
    draw: Draw
    asked: Future[Answer] = field(default_factory=Future)
    deaths: int = 0
    alone: bool = False


def next_batch(waiting: deque[Errand], together: int) -> Sequence[Errand]:
    """Takes out who is next, and those behind who may be trained with it: so many, at most."""
    first = waiting.popleft()
    alike = (each for each in waiting if each.draw == first.draw and not each.alone)
    others = list(islice(alike, 0 if first.alone else together - 1))
    for each in others:
        waiting.remove(each)
    return [first, *others]


def judge(
    own: Future[Answer], *, yardstick: Future[Answer], asked: Future[Evaluation | Failure]
) -> None:
    """Tells who asked, as soon as GELU's losses are known too."""
    if not yardstick.done():
        again = partial(judge, yardstick=yardstick, asked=asked)
        yardstick.add_done_callback(lambda _: again(own))
    elif own.cancelled() or yardstick.cancelled():
        asked.cancel()
    elif error := own.exception() or yardstick.exception():
        fail(asked, error)
    else:
        found, reference = own.result(), yardstick.result()
        match found, reference:
            case Marked(), Marked():
                settle(asked, found.against(reference.losses))
            case Marked(), Failure():
                settle(asked, reference)
            case Evaluation() | Failure(), _:
                settle(asked, found)


def settle(future: Future[T], answer: T) -> None:
    """Answers; who cancelled meanwhile does not want to know."""
    with suppress(InvalidStateError):
        future.set_result(answer)


def fail(future: Future[T], error: BaseException) -> None:
    """Answers with an error; who cancelled meanwhile does not want to know."""
    with suppress(InvalidStateError):
        future.set_exception(error)
