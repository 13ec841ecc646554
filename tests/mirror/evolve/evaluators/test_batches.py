"""Programs that are trained together, and what becomes of them if their worker is lost."""

from collections.abc import Sequence
from concurrent.futures import Future
from threading import Event

import pytest

from evolve.evaluators.measurer import Answer, Draw
from evolve.evaluators.pool import ATTEMPTS, WorkerLostError
from evolve.records import Evaluation, Failure, Outcome
from fitness.exam import Exam
from fitness.losses import Losses
from tests.mirror.evolve.evaluators.scripted import (
    GELU,
    Do,
    Scripted,
    figures,
    pool,
    program,
    result,
)


class Waiting(Scripted):
    """Answers when it is told to: by then all who are to share a batch are in line."""

    def __init__(self, do: Do) -> None:
        super().__init__(do)
        self.begun = Event()

    def begin(
        self, graphs: Sequence[str], draw: Draw, exam: Exam, reference: Losses | None
    ) -> Future[list[Answer]]:
        self.begun.wait(10)
        return super().begin(graphs, draw, exam, reference)


def test_programs_of_one_draw_share_a_batch_and_each_is_answered_for_itself() -> None:
    def one_fails(_: Scripted, graph: str, reference: Losses | None) -> Answer:
        bad = Failure(Outcome.NOT_FINITE, "of its own")
        return bad if graph == "b" else figures(reference)

    worker = Waiting(one_fails)
    with pool(worker, together=3) as evaluator:
        assert evaluator.workers == 3
        rounds = [("a", 0), ("b", 0), ("c", 1), ("d", 0), ("e", 0)]
        futures = [evaluator.submit(program(name), number) for name, number in rounds]
        worker.begun.set()
        found = [result(each) for each in futures]
    assert worker.batches == [[GELU, "a"], ["b", "d", "e"], [GELU, "c"]]
    assert [isinstance(each, Evaluation) for each in found] == [True, False, True, True, True]
    assert found[1] == Failure(Outcome.NOT_FINITE, "of its own")


def test_who_costs_a_batch_its_worker_is_found_one_by_one_and_alone_fails() -> None:
    def fatal(_: Scripted, graph: str, reference: Losses | None) -> Answer | Exception:
        return WorkerLostError("gone") if graph == "bad" else figures(reference)

    worker = Waiting(fatal)
    with pool(worker, together=8) as evaluator:
        futures = [evaluator.submit(program(name), 0) for name in ("a", "b", "bad", "c")]
        worker.begun.set()
        found = [result(each) for each in futures]
    assert worker.batches[:3] == [[GELU, "a"], ["b", "bad", "c"], ["b"]]
    assert worker.batches[3:] == [["bad"]] * ATTEMPTS + [["c"]]
    assert [isinstance(each, Evaluation) for each in found] == [True, True, False, True]


def test_a_batch_that_says_nothing_is_given_up_and_each_is_tried_by_itself() -> None:
    def hangs_once(own: Scripted, graph: str, reference: Losses | None) -> Answer | None:
        return None if own.starts == 1 and graph == "a" else figures(reference)

    worker = Waiting(hangs_once)
    with pool(worker, together=2, silence=0.2) as evaluator:
        futures = [evaluator.submit(program(name), 0) for name in ("a", "b")]
        worker.begun.set()
        assert all(isinstance(result(each), Evaluation) for each in futures)
    assert worker.batches == [[GELU, "a"], [GELU], ["a"], ["b"]]


@pytest.mark.parametrize(("seconds", "calls"), [(0.0, [4, 2]), (0.06, [1] * 6)])
def test_programs_share_a_call_if_they_take_no_time(
    seconds: float, calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[float] = []
    monkeypatch.setattr("evolve.evaluators.pool.monotonic", lambda: sum(passed))

    def takes(_: Scripted, __: str, reference: Losses | None) -> Answer:
        passed.append(seconds)
        return figures(reference)

    worker = Waiting(takes)
    with pool(worker, most=4) as evaluator:
        worker.begun.set()
        for number in range(30):
            result(evaluator.submit(program(f"{number}"), 0))
        assert evaluator.workers == calls[0]
        worker.begun.clear()
        futures = [evaluator.submit(program(name), 0) for name in "abcdefg"]
        worker.begun.set()
        assert all(isinstance(result(each), Evaluation) for each in futures)
    assert [len(each) for each in worker.batches[-len(calls) :]] == calls
