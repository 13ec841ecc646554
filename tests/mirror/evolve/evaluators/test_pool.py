"""Who trains what, and what becomes of a program whose worker is lost."""

from collections.abc import Sequence
from concurrent.futures import Future, wait

import pytest

from evolve.errors import EvolveError
from evolve.evaluators.measurer import Answer, Draw
from evolve.evaluators.pool import ATTEMPTS, WorkerLostError
from evolve.records import Evaluation, Failure, Outcome
from fitness.exam import Exam
from fitness.losses import Losses
from tests.mirror.evolve.evaluators.scripted import (
    GELU,
    Scripted,
    figures,
    marked,
    pool,
    program,
    result,
    willing,
)


def test_gelu_is_measured_once_a_draw_and_before_all_others() -> None:
    worker = Scripted(willing)
    with pool(worker) as evaluator:
        futures = [evaluator.submit(program(graph), 0) for graph in ("a", "b", GELU)]
        futures += [evaluator.submit(program("a"), 1), evaluator.submit(program("a"), 0, 0)]
        assert all(isinstance(result(future), Evaluation) for future in futures)
    assert worker.asked == [GELU, "a", "b", GELU, "a", GELU, "a"]


def test_gelu_is_the_zero_of_its_own_scale() -> None:
    with pool(Scripted(willing)) as evaluator:
        found = result(evaluator.submit(program(GELU), 0))
    assert isinstance(found, Evaluation)
    assert found.fitness == 0.0


def test_what_was_trained_beside_gelu_is_judged_when_gelu_is_known() -> None:
    late: list[Future[list[Answer]]] = []

    def slow_on_gelu(_: Scripted, graph: str, reference: Losses | None) -> Answer | None:
        return None if graph == GELU else figures(reference)

    class Late(Scripted):
        def begin(
            self, graphs: Sequence[str], draw: Draw, exam: Exam, reference: Losses | None
        ) -> Future[list[Answer]]:
            late.append(super().begin(graphs, draw, exam, reference))
            return late[-1]

    with pool(Late(slow_on_gelu), Late(slow_on_gelu)) as evaluator:
        future = evaluator.submit(program("a"), 0)
        assert not wait([future], timeout=0.3).done
        late[0].set_result([marked()])
        found = result(future)
    assert isinstance(found, Evaluation)
    assert found.gains


def test_without_gelu_nothing_can_be_judged() -> None:
    def failing(_: Scripted, graph: str, reference: Losses | None) -> Answer:
        return Failure(Outcome.TIMED_OUT, "60 s") if graph == GELU else figures(reference)

    with pool(Scripted(failing)) as evaluator:
        assert result(evaluator.submit(program("a"), 0)) == Failure(Outcome.TIMED_OUT, "60 s")


def test_a_program_whose_worker_dies_is_tried_elsewhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def mortal(worker: Scripted, graph: str, reference: Losses | None) -> Answer | Exception:
        first = graph == "a" and not any("a" in each.asked[:-1] for each in workers)
        others = [each for each in workers if each is not worker]
        seen = any("a" in each.asked for each in others)
        return WorkerLostError("switched off") if first and not seen else figures(reference)

    workers = [Scripted(mortal), Scripted(mortal)]
    with pool(*workers) as evaluator:
        assert isinstance(result(evaluator.submit(program("a"), 0)), Evaluation)
    assert sum(each.asked.count("a") for each in workers) == 2
    assert sum(each.starts for each in workers) == 3
    assert "switched off" in caplog.text


def test_a_program_that_costs_three_workers_is_not_tried_again() -> None:
    def fatal(_: Scripted, graph: str, reference: Losses | None) -> Answer | Exception:
        return WorkerLostError("gone") if graph == "bad" else figures(reference)

    worker = Scripted(fatal)
    with pool(worker) as evaluator:
        bad, good = evaluator.submit(program("bad"), 0), evaluator.submit(program("good"), 0)
        found = result(bad)
        assert isinstance(result(good), Evaluation)
    assert isinstance(found, Failure)
    assert found.outcome is Outcome.CRASHED
    assert "3 workers" in found.detail
    assert "gone" in found.detail
    assert worker.asked.count("bad") == ATTEMPTS


def test_a_worker_that_says_nothing_is_given_up_and_what_it_says_later_is_not_heard() -> None:
    hanging: list[Scripted] = []

    def hangs_once(worker: Scripted, graph: str, reference: Losses | None) -> Answer | None:
        if graph == "a" and not hanging:
            hanging.append(worker)
            return None
        return figures(reference)

    workers = [Scripted(hangs_once), Scripted(hangs_once)]
    with pool(*workers, silence=0.2) as evaluator:
        assert isinstance(result(evaluator.submit(program("a"), 0)), Evaluation)
    assert hanging[0].starts == 2


def test_a_worker_that_starts_at_the_third_attempt_works() -> None:
    worker = Scripted(willing, fails_to_start=ATTEMPTS - 1)
    with pool(worker) as evaluator:
        assert isinstance(result(evaluator.submit(program("a"), 0)), Evaluation)


def test_when_no_worker_starts_whoever_waits_is_told() -> None:
    with pool(*(Scripted(willing, fails_to_start=99) for _ in range(2))) as evaluator:
        for _ in range(2):  # those who come later, too
            with pytest.raises(EvolveError, match="no worker starts: no room"):
                result(evaluator.submit(program("a"), 0))


def test_one_worker_that_does_not_start_leaves_the_work_to_the_others() -> None:
    broken, sound = Scripted(willing, fails_to_start=99), Scripted(willing)
    with pool(broken, sound) as evaluator:
        futures = [evaluator.submit(program(str(each)), 0) for each in range(20)]
        assert all(isinstance(result(future), Evaluation) for future in futures)
    assert broken.starts == ATTEMPTS
    assert not broken.asked


def test_an_error_of_ours_reaches_whoever_asked() -> None:
    def confused(_: Scripted, graph: str, reference: Losses | None) -> Answer | Exception:
        return KeyError("a bug") if graph == "a" else figures(reference)

    with pool(Scripted(confused)) as evaluator:
        with pytest.raises(KeyError):
            result(evaluator.submit(program("a"), 0))
        assert isinstance(result(evaluator.submit(program("b"), 0)), Evaluation)


def test_gelu_in_error_is_told_to_all_who_are_judged_by_it_and_other_draws_are_well() -> None:
    gelu = iter([KeyError("a bug"), None])

    def once(_: Scripted, graph: str, reference: Losses | None) -> Answer | Exception:
        error = next(gelu) if graph == GELU else None
        return error or figures(reference)

    with pool(Scripted(once)) as evaluator:
        for name in ("a", "b"):
            with pytest.raises(KeyError):
                result(evaluator.submit(program(name), 0))
        assert isinstance(result(evaluator.submit(program("a"), 1)), Evaluation)


def test_a_worker_that_cannot_even_be_asked_leaves_nobody_waiting() -> None:
    class Unreachable(Scripted):
        def begin(
            self, graphs: Sequence[str], draw: Draw, exam: Exam, reference: Losses | None
        ) -> Future[list[Answer]]:
            raise RuntimeError("the cluster is gone")

    with pool(Unreachable(willing)) as evaluator:
        futures = [evaluator.submit(program(name), 0) for name in ("a", "b")]
        for future in futures:
            with pytest.raises(RuntimeError, match="gone"):
                result(future)


def test_closing_cancels_whatever_is_in_flight() -> None:
    workers = [Scripted(lambda *_: None) for _ in range(2)]
    with pool(*workers) as evaluator:
        futures = [evaluator.submit(program(str(each)), each % 3) for each in range(50)]
    assert all(future.cancelled() for future in futures)
    assert all(worker.closed for worker in workers)


def test_ten_thousand_in_flight_come_back_each_once() -> None:
    workers = [Scripted(willing) for _ in range(8)]
    with pool(*workers) as evaluator:
        futures = [evaluator.submit(program(str(each)), 0) for each in range(10_000)]
        assert all(isinstance(result(future), Evaluation) for future in futures)
    assert sorted(graph for each in workers for graph in each.asked if graph != GELU) == sorted(
        map(str, range(10_000))
    )
