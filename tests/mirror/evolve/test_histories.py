from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from evolve import runs, settings
from evolve.errors import ConfigError, RunError
from evolve.histories import fork, merge
from evolve.lineage import ancestors
from evolve.records import Call, Message, Record
from evolve.report import read
from evolve.runs import Run
from evolve.state import State
from tests.mirror.evolve.lived import go_on, lived


def taken(run: Run) -> list[tuple[str, str | None]]:
    return [(session.origin, session.ended) for session in run.sessions]


def test_a_fork_begins_with_what_was_known_when_its_step_was_begun(tmp_path: Path) -> None:
    parent = lived(tmp_path, "parent", 20)
    before = parent.records()
    changed = settings.read(parent.path / runs.SETTINGS, ["database.islands=1"])
    made = fork(parent, tmp_path, "made", changed, at=9)
    seen = next(record.seen for record in before if record.step == 9)
    assert made.records() == before[:seen]
    assert taken(made) == [(f"forked from {parent.path} at step 9", "taken over")]
    go_on(made)
    after = made.records()
    assert after[:seen] == before[:seen]
    assert sorted(record.step for record in after) == list(range(len(after)))
    assert parent.records() == before


def test_a_fork_of_many_workers_takes_the_steps_in_flight_again(tmp_path: Path) -> None:
    parent = lived(tmp_path, "parent", 30, "evaluators.workers=4", "evaluators.ahead=3")
    made = fork(parent, tmp_path, "made", parent.config, at=20)
    go_on(made)
    steps = sorted(record.step for record in made.records())
    assert steps == list(range(len(steps)))


def test_a_fork_without_a_step_takes_all(tmp_path: Path) -> None:
    parent = lived(tmp_path, "parent", 8)
    assert fork(parent, tmp_path, "made", parent.config, at=None).records() == parent.records()


def test_a_fork_keeps_the_replies_of_the_same_model_only(tmp_path: Path) -> None:
    call = Call("m", (Message("user", "why?"),), 3, "because", 7, 0.5)
    parent = lived(tmp_path, "parent", 4)
    with closing(parent.ledger()) as ledger:
        steps = len(parent.records())
        ledger.extend([replace(parent.records()[-1], step=steps, calls=(call,), seen=steps)])
    other = settings.read(parent.path / runs.SETTINGS, ["model.temperature=0.1"])
    for name, settled, reply in (("same", parent.config, "because"), ("other", other, None)):
        made = fork(parent, tmp_path, name, settled, at=2)
        with closing(made.ledger()) as ledger:
            kept = ledger.annals.reply(call.request)
        assert (kept and kept.reply) == reply


@pytest.mark.parametrize("change", ["fitness.steps=50", "sandbox.flops=50"])
def test_a_fork_that_would_measure_otherwise_is_refused(tmp_path: Path, change: str) -> None:
    parent = lived(tmp_path, "parent", 4)
    changed = settings.read(parent.path / runs.SETTINGS, [change])
    with pytest.raises(ConfigError, match=change):
        fork(parent, tmp_path, "made", changed, at=2)
    assert [path.name for path in tmp_path.iterdir()] == ["parent"]


def test_a_fork_at_a_step_that_never_began_is_refused(tmp_path: Path) -> None:
    parent = lived(tmp_path, "parent", 4)
    with pytest.raises(RunError, match="--at 999: no such step"):
        fork(parent, tmp_path, "made", parent.config, at=999)


def test_a_run_that_cannot_be_made_whole_is_not_made(tmp_path: Path) -> None:
    parent = lived(tmp_path, "parent", 4)
    untouched = runs.create(tmp_path, "untouched", parent.config)
    with pytest.raises(RunError, match="nothing has happened in it yet"):
        fork(untouched, tmp_path, "made", parent.config, at=None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parent", "untouched"]


def test_a_merged_run_holds_every_record_of_its_parents_in_steps_of_its_own(
    tmp_path: Path,
) -> None:
    one, two = lived(tmp_path, "one", 12), lived(tmp_path, "two", 9, "search.seed=7")
    both = merge([one, two], tmp_path, "both")
    told = [*one.records(), *two.records()]
    made = both.records()
    assert [_named(record) for record in made] == [_named(record) for record in told]
    assert [record.step for record in made] == list(range(len(told)))
    assert both.config == one.config
    go_on(both)


def test_what_two_runs_measured_alike_counts_once(tmp_path: Path) -> None:
    one, two = lived(tmp_path, "one", 25), lived(tmp_path, "two", 25, "search.seed=7")
    both = merge([one, two], tmp_path, "both")
    with closing(both.ledger()) as ledger:
        state = State.of(both.config, ledger.outlines())
    scored = {r.program.id for r in both.records() if r.program and r.evaluation}
    assert state.database.newcomers == len(scored) < 50
    # In full once, or twice; or stopped on a rung in one run, and promoted in the other.
    assert all(elite.evaluation.seeds in (4, 12, 8) for elite in state.database.ranked())


def test_lineage_in_a_merged_run_is_whole(tmp_path: Path) -> None:
    one, two = lived(tmp_path, "one", 25), lived(tmp_path, "two", 25, "search.seed=7")
    both = merge([one, two], tmp_path, "both")
    best = read(both).best
    assert best is not None
    with closing(both.ledger()) as ledger:
        found = list(ancestors(ledger, best.id))
        born = {each.record.program.id for each in found if each.record.program}
        assert all(set(each.record.parents) <= born for each in found)


@pytest.mark.parametrize(
    ("change", "suite"), [(("fitness.steps=50",), "suite"), ((), "another suite")]
)
def test_runs_that_measured_otherwise_are_not_merged(
    tmp_path: Path, change: tuple[str, ...], suite: str
) -> None:
    one, two = lived(tmp_path, "one", 4), lived(tmp_path, "two", 4, *change)
    go_on(two, suite)
    with pytest.raises(RunError, match=r"two: was measured otherwise than .*one"):
        merge([one, two], tmp_path, "both")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_settings_that_measure_nothing_may_differ_between_merged_runs(tmp_path: Path) -> None:
    one = lived(tmp_path, "one", 4)
    two = lived(tmp_path, "two", 4, "search.seed=7", "database.islands=1", "evaluators.workers=2")
    assert len(merge([one, two], tmp_path, "both").records()) > 8


def _named(record: Record) -> tuple[object, ...]:
    return (record.operator, record.outcome, record.program, record.evaluation, record.parents)
