import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from evolve import runs, settings
from evolve.errors import ModelError
from evolve.histories import fork
from evolve.records import Proposal, Selection
from evolve.replay import Difference, Replay
from evolve.runs import LEDGER, Run
from evolve.samplers import Samplers
from evolve.state import State
from evolve.testing import InstantEvaluator
from tests.mirror.evolve.lived import go_on, lived
from tests.mirror.evolve.loops import Numbers, admit


class Unanswered:
    """An operator whose question nobody recorded an answer to."""

    def propose(self, selection: Selection, rng: object) -> Proposal:
        raise ModelError("no recorded call")


@contextmanager
def replaying(run: Run, operator: object = None) -> Iterator[Replay]:
    operators = dict.fromkeys(("founders", *run.config.search.operators), operator or Numbers())
    config = run.config
    samplers = Samplers(operators, admit, config.search.seed)  # type: ignore[arg-type]
    with closing(run.ledger()) as ledger, closing(samplers):
        evaluator = InstantEvaluator()
        yield Replay(ledger, State.of(config), samplers, evaluator, config.search.seed, 3)


def differences(run: Run, operator: object = None) -> list[Difference]:
    with replaying(run, operator) as again:
        return [each for _, found in again for each in found]


@pytest.mark.parametrize("more", [(), ("evaluators.workers=4", "evaluators.ahead=3")])
def test_a_run_comes_out_as_it_was_however_many_workers_it_had(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    run = lived(tmp_path, "run", 40, *more)
    with replaying(run) as again:
        replayed = list(again)
    assert [record for record, _ in replayed] == run.records()
    assert [found for _, found in replayed if found] == []


def test_a_figure_that_is_not_what_was_measured_is_told(tmp_path: Path) -> None:
    run = lived(tmp_path, "run", 30)
    last = max(record.step for record in run.records() if record.evaluation and not record.round)
    with closing(sqlite3.connect(run.path / LEDGER)) as raw, raw:
        raw.execute("DROP TRIGGER records_update")
        raw.execute(
            "UPDATE records SET evaluation = json_set(evaluation, '$.failed', 0.5) WHERE step = ?",
            (last,),
        )
    assert [(each.step, each.field) for each in differences(run)] == [(last, "evaluation")]


def test_a_question_that_was_never_answered_is_a_difference(tmp_path: Path) -> None:
    found = differences(lived(tmp_path, "run", 4), Unanswered())
    assert ("detail", "", "no recorded call") in [
        (each.field, each.recorded, each.replayed) for each in found
    ]


def test_what_was_taken_over_from_another_run_is_not_done_again(tmp_path: Path) -> None:
    parent = lived(tmp_path, "parent", 20)
    changed = settings.read(parent.path / runs.SETTINGS, ["database.islands=1"])
    made = fork(parent, tmp_path, "made", changed, at=9)
    taken = len(made.records())
    made.keep(settings.read(parent.path / runs.SETTINGS, ["database.islands=1"]))
    go_on(made)
    with replaying(made) as again:
        replayed = list(again)
    assert [record for record, _ in replayed] == made.records()[taken:]
    assert [found for _, found in replayed if found] == []
