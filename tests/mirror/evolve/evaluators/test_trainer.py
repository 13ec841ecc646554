"""One locked process that trains, and its end; and how several share out an exam."""

import os
import signal
from contextlib import closing

from evolve.config import FitnessTable, SandboxTable
from evolve.evaluators.exams import exam
from evolve.evaluators.references import graph
from evolve.evaluators.trainer import Trainer, shared_out
from evolve.records import Failure, Outcome

EXAM = exam(FitnessTable(steps=21, seeds=2), 0)
LONGER = exam(FitnessTable(steps=300, seeds=2), 0)


def test_every_lesson_is_in_one_share_beside_those_of_its_form() -> None:
    shares = shared_out(LONGER, 3)
    assert sorted(place for share in shares for place in share.places) == [*range(8)]
    assert [len(share.lessons) for share in shares] == [3, 3, 2]
    for share in shares:
        assert [LONGER.lessons[place] for place in share.places] == share.lessons
    forms = [{lesson.form for lesson in share.lessons} for share in shares]
    assert [len(each) for each in forms] == [1, 1, 1]


def test_what_is_quick_is_not_shared_out() -> None:
    assert len(shared_out(EXAM, 2)) == 1
    assert len(shared_out(LONGER, 2)) == 2


def test_of_several_programs_each_has_its_answers_lesson_by_lesson() -> None:
    (whole,) = shared_out(EXAM, 1)
    with closing(Trainer(SandboxTable(), graph("GELU"))) as trainer:
        found = trainer.train([graph("tanh"), graph("SiLU")], EXAM.recipe, whole)
    assert not isinstance(found, Failure)
    answers, seconds = found
    assert seconds > 0
    queries = [each.queries.shape[1] for each in whole.lessons]
    assert [[each.shape[2] for each in own] for own in answers] == [queries, queries]


def test_a_process_that_is_killed_costs_a_training_and_is_replaced() -> None:
    (share,) = shared_out(EXAM, 1)
    with closing(Trainer(SandboxTable(), graph("GELU"))) as trainer:
        os.kill(trainer._zygote.pid, signal.SIGKILL)  # noqa: SLF001  (as a system without memory)
        lost = trainer.train([graph("tanh")], EXAM.recipe, share)
        found = trainer.train([graph("tanh")], EXAM.recipe, share)
    assert isinstance(lost, Failure)
    assert lost.outcome is Outcome.CRASHED
    assert not isinstance(found, Failure)
