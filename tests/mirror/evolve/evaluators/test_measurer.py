"""Batches of programs in a real locked process."""

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
import torch

from evolve.config import FitnessTable, SandboxTable
from evolve.errors import ConfigError
from evolve.evaluators.exams import exam
from evolve.evaluators.measurer import Answer, Marked, Measurer
from evolve.evaluators.references import graph
from evolve.records import Failure, Outcome

DRAW = (0, None)


@pytest.fixture(scope="module")
def measurer() -> Iterator[Measurer]:
    with closing(Measurer(SandboxTable(), graph("GELU"))) as made:
        made.prepare(DRAW, exam(FitnessTable(steps=21, seeds=2), 0))
        yield made


def losses(answer: Answer) -> object:
    assert isinstance(answer, Marked)
    return answer.losses.by_shift()


def test_programs_of_a_batch_are_answered_as_each_would_be_by_itself(measurer: Measurer) -> None:
    graphs = [graph(name) for name in ("tanh", "SiLU", "Snake")]
    together = measurer.measure_together(graphs, DRAW, None)
    alone = [measurer.measure([each], DRAW, None)[0] for each in graphs]
    assert [losses(each) for each in together] == [losses(each) for each in alone]


def test_what_comes_in_one_call_is_trained_one_by_one_on_a_cpu(measurer: Measurer) -> None:
    graphs = [graph(name) for name in ("tanh", "SiLU", "Snake")]
    by_turns = measurer.measure(graphs, DRAW, None)
    together = measurer.measure_together(graphs, DRAW, None)
    assert [losses(each) for each in by_turns] == [losses(each) for each in together]
    clocks = [
        len({each.seconds for each in found if isinstance(each, Marked)})
        for found in (by_turns, together)
    ]
    assert clocks == [3, 1]


@pytest.mark.parametrize("processes", [3, 20], ids=["fewer than tasks", "more than tasks"])
def test_processes_that_share_out_the_tasks_answer_as_one_does(processes: int) -> None:
    graphs = [graph(name) for name in ("tanh", "SiLU")]
    found = []
    for each in (1, processes):
        with closing(Measurer(SandboxTable(), graph("GELU"), processes=each)) as measurer:
            measurer.prepare(DRAW, exam(FitnessTable(steps=300, seeds=2), 0))
            answers = measurer.measure_together(graphs, DRAW, None)
            (broken,) = measurer.measure(["no graph"], DRAW, None)
            again = measurer.measure_together(graphs, DRAW, None)
        assert isinstance(broken, Failure)
        assert broken.outcome is Outcome.CRASHED
        assert [losses(each) for each in answers] == [losses(each) for each in again]
        found.append([losses(each) for each in answers])
    assert found[0] == found[1]


def test_a_program_that_ends_its_batch_fails_alone(measurer: Measurer) -> None:
    batch = [graph("tanh"), "no graph", graph("SiLU")]
    first, broken, last = measurer.measure_together(batch, DRAW, None)
    assert isinstance(broken, Failure)
    assert broken.outcome is Outcome.CRASHED
    assert losses(first) != losses(last)


def test_a_batch_without_the_time_for_it_fails_as_each_does() -> None:
    with closing(Measurer(SandboxTable(seconds=0.01), graph("GELU"))) as hasty:
        hasty.prepare(DRAW, exam(FitnessTable(steps=21, seeds=2), 0))
        found = hasty.measure_together([graph("tanh"), graph("SiLU")], DRAW, None)
    assert [each.outcome for each in found if isinstance(each, Failure)] == [Outcome.TIMED_OUT] * 2


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device here")
def test_a_gpu_that_is_not_there_is_said_in_one_line() -> None:
    with pytest.raises(ConfigError, match=r'device = "cuda": .* want a GPU .*, or "cpu"$'):
        Measurer(SandboxTable(), graph("GELU"), "cuda")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_a_locked_process_trains_a_batch_on_a_gpu() -> None:
    fitness = FitnessTable(steps=200, seeds=2, device="cuda")
    graphs = [graph(name) for name in ("tanh", "SiLU", "GELU")]
    with closing(Measurer(SandboxTable(), graph("GELU"), "cuda")) as measurer:
        measurer.prepare(DRAW, exam(fitness, 0))
        together = measurer.measure_together(graphs, DRAW, None)
        alone = [measurer.measure([each], DRAW, None)[0] for each in graphs]
    for own, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(_log_errors(own), _log_errors(other), atol=0.1)


def _log_errors(answer: Answer) -> list[float]:
    assert isinstance(answer, Marked)
    tasks = answer.losses.tasks
    return [float(np.log10(np.median(task.inside, axis=0).min())) for task in tasks]
