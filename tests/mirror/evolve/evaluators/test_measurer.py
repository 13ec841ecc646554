"""Batches of programs in a real locked process."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from evolve.config import FitnessTable, SandboxTable
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
    together = measurer.measure(graphs, DRAW, None)
    alone = [measurer.measure([each], DRAW, None)[0] for each in graphs]
    assert [losses(each) for each in together] == [losses(each) for each in alone]


def test_a_program_that_ends_its_batch_fails_alone(measurer: Measurer) -> None:
    first, broken, last = measurer.measure([graph("tanh"), "no graph", graph("SiLU")], DRAW, None)
    assert isinstance(broken, Failure)
    assert broken.outcome is Outcome.CRASHED
    assert losses(first) != losses(last)


def test_a_batch_without_the_time_for_it_fails_as_each_does() -> None:
    with closing(Measurer(SandboxTable(seconds=0.01), graph("GELU"))) as hasty:
        hasty.prepare(DRAW, exam(FitnessTable(steps=21, seeds=2), 0))
        found = hasty.measure([graph("tanh"), graph("SiLU")], DRAW, None)
    assert [each.outcome for each in found if isinstance(each, Failure)] == [Outcome.TIMED_OUT] * 2
