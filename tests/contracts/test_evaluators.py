from collections.abc import Iterator
from contextlib import closing
from functools import partial
from unittest.mock import patch

import pytest

from evolve.config import Config, EvaluatorsTable, FitnessTable, SandboxTable
from evolve.evaluators.admission import Admissions
from evolve.evaluators.exams import exam
from evolve.evaluators.measurer import Measurer
from evolve.evaluators.pool import Pool
from evolve.evaluators.references import graph
from evolve.evaluators.serial import Here, serial
from evolve.protocols import Evaluator
from evolve.records import Admission, Evaluation, Failure, Outcome
from evolve.testing import EvaluatorContract, InstantEvaluator, admission

QUICK = FitnessTable(steps=21, seeds=2, promotion_seeds=2)
TWO = EvaluatorsTable(workers=2, cpus_per_worker=2)
SHARDED = {"fitness": QUICK.model_copy(update={"steps": 100})}  # long enough for shards


def quick(workers: int = 1, seconds: float = 60.0) -> Config:
    return Config(
        fitness=QUICK,
        evaluators=EvaluatorsTable(workers=workers),
        sandbox=SandboxTable(seconds=seconds),
    )


@pytest.fixture(scope="module")
def silu() -> Admission:
    with closing(Admissions(SandboxTable())) as admissions:
        admitted = admissions.admit("def activation(x):\n    return x * x.sigmoid()\n")[1]
    assert isinstance(admitted, Admission)
    return admitted


class TestInstant(EvaluatorContract):
    def make(self) -> Evaluator:
        return InstantEvaluator()

    def admitted(self) -> Admission:
        return admission("def activation(x):\n    return x\n")


class TestSerial(EvaluatorContract):
    def make(self) -> Evaluator:
        return serial(quick())

    def admitted(self) -> Admission:
        return admission("", graph=graph("tanh"))


class TestSerialOnSeveralCores(EvaluatorContract):
    def make(self) -> Evaluator:
        table = EvaluatorsTable(cpus_per_worker=3)
        return serial(quick().model_copy(update={"evaluators": table, **SHARDED}))

    def admitted(self) -> Admission:
        return admission("", graph=graph("tanh"))


class TestInBatches(EvaluatorContract):
    def make(self) -> Evaluator:
        worker = Here(Measurer(SandboxTable(), graph("GELU")))
        return Pool([worker], graph("GELU"), partial(exam, QUICK), together=4)

    def admitted(self) -> Admission:
        return admission("", graph=graph("tanh"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """One for all: each evaluator would start one of its own, and end it."""
    import ray

    from evolve.evaluators.ray import join

    join(TWO)
    with patch("ray.shutdown"):
        yield
    ray.shutdown()


@pytest.mark.ray
@pytest.mark.usefixtures("cluster")
class TestRay(EvaluatorContract):
    def make(self) -> Evaluator:
        from evolve.evaluators.ray import on_ray

        return on_ray(quick().model_copy(update={"evaluators": TWO, **SHARDED}))

    def admitted(self) -> Admission:
        return admission("", graph=graph("tanh"))

    def test_it_measures_as_the_serial_one_does(self, silu: Admission) -> None:
        found = []
        for make in (self.make, lambda: serial(quick().model_copy(update=SHARDED))):
            with closing(make()) as evaluator:
                found.append(evaluator.submit(silu, 0).result())
        first, second = found
        assert isinstance(first, Evaluation)
        assert isinstance(second, Evaluation)
        assert (first.fitness, first.interval) == (second.fitness, second.interval)

    def test_a_worker_that_dies_is_replaced(self, silu: Admission) -> None:
        import ray

        from evolve.evaluators.ray import There, on_ray

        with closing(on_ray(quick(workers=1))) as evaluator:
            (post,) = evaluator._posts  # noqa: SLF001
            assert isinstance(post.worker, There)
            ray.kill(post.worker._actor)  # noqa: SLF001  (as a machine that is switched off would)
            assert isinstance(evaluator.submit(silu, 0).result(), Evaluation)


def test_gelu_is_the_zero_of_the_scale() -> None:
    with closing(serial(quick())) as evaluator:
        result = evaluator.submit(admission("", graph=graph("GELU")), 0).result()
        assert isinstance(result, Evaluation)
        assert result.fitness == 0.0


def test_a_measurement_that_takes_too_long_is_ended_and_the_next_one_is_well(
    silu: Admission,
) -> None:
    with closing(serial(quick(seconds=0.05))) as evaluator:
        result = evaluator.submit(silu, 0).result()
        assert isinstance(result, Failure)
        assert result.outcome is Outcome.TIMED_OUT
        assert isinstance(evaluator.submit(silu, 0).result(), Failure)
