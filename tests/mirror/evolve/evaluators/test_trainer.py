"""One locked process that trains, and its end."""

import os
import signal
from contextlib import closing

from evolve.config import FitnessTable, SandboxTable
from evolve.evaluators.exams import exam
from evolve.evaluators.references import graph
from evolve.evaluators.trainer import Share, Trainer
from evolve.records import Failure, Outcome

EXAM = exam(FitnessTable(steps=21, seeds=2), 0)


def test_of_several_programs_each_has_its_answers_lesson_by_lesson() -> None:
    lessons = EXAM.lessons[:3]
    with closing(Trainer(SandboxTable(), graph("GELU"))) as trainer:
        found = trainer.train([graph("tanh"), graph("SiLU")], EXAM.recipe, Share.of(lessons))
    assert not isinstance(found, Failure)
    answers, seconds = found
    assert seconds > 0
    queries = [each.queries.shape[1] for each in lessons]
    assert [[each.shape[2] for each in own] for own in answers] == [queries, queries]


def test_a_process_that_is_killed_costs_a_training_and_is_replaced() -> None:
    share = Share.of(EXAM.lessons[:1])
    with closing(Trainer(SandboxTable(), graph("GELU"))) as trainer:
        os.kill(trainer._zygote.pid, signal.SIGKILL)  # noqa: SLF001  (as a system without memory)
        lost = trainer.train([graph("tanh")], EXAM.recipe, share)
        found = trainer.train([graph("tanh")], EXAM.recipe, share)
    assert isinstance(lost, Failure)
    assert lost.outcome is Outcome.CRASHED
    assert not isinstance(found, Failure)
