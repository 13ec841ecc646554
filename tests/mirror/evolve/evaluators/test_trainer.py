"""One locked process that trains, and its end; and how several share out an exam."""

import os
import signal
from contextlib import closing

from evolve.config import FitnessTable, SandboxTable
from evolve.evaluators.exams import exam
from evolve.evaluators.references import graph
from evolve.evaluators.trainer import Trainer, sharded
from evolve.evaluators.zygotes import start
from evolve.records import Failure, Outcome

EXAM = exam(FitnessTable(steps=21, seeds=2), 0)
LONGER = exam(FitnessTable(steps=300, seeds=2), 0)


def test_every_lesson_is_in_one_shard_beside_those_of_its_form() -> None:
    shards = sharded(LONGER, 3)
    assert sorted(place for shard in shards for place in shard.places) == [*range(8)]
    assert [len(shard.lessons) for shard in shards] == [3, 3, 2]
    for shard in shards:
        assert [LONGER.lessons[place] for place in shard.places] == shard.lessons
    forms = [{lesson.form for lesson in shard.lessons} for shard in shards]
    assert [len(each) for each in forms] == [1, 1, 1]


def test_what_is_quick_is_not_sharded() -> None:
    assert len(sharded(EXAM, 2)) == 1
    assert len(sharded(LONGER, 2)) == 2


def test_of_several_programs_each_has_its_answers_lesson_by_lesson() -> None:
    (whole,) = sharded(EXAM, 1)
    with closing(Trainer(SandboxTable(), graph("GELU"), start)) as trainer:
        found = trainer.train([graph("tanh"), graph("SiLU")], EXAM.recipe, whole)
    assert not isinstance(found, Failure)
    answers, seconds = found
    assert seconds > 0
    queries = [each.queries.shape[1] for each in whole.lessons]
    assert [[each.shape[2] for each in own] for own in answers] == [queries, queries]


def test_a_process_that_is_killed_costs_a_training_and_is_replaced() -> None:
    (shard,) = sharded(EXAM, 1)
    with closing(Trainer(SandboxTable(), graph("GELU"), start)) as trainer:
        os.kill(trainer._zygote.pid, signal.SIGKILL)  # noqa: SLF001  (as a system without memory)
        lost = trainer.train([graph("tanh")], EXAM.recipe, shard)
        found = trainer.train([graph("tanh")], EXAM.recipe, shard)
    assert isinstance(lost, Failure)
    assert lost.outcome is Outcome.CRASHED
    assert not isinstance(found, Failure)
