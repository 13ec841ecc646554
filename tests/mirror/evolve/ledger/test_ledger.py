import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolve.errors import RunError
from evolve.ledger import Ledger
from evolve.ledger.schema import TABLES
from evolve.records import Call, Message, Outcome, Program, Record
from evolve.testing import individual

words = st.text(max_size=20).filter(lambda text: "\x00" not in text).filter(str.isprintable)
calls = st.builds(
    Call,
    model=words,
    messages=st.lists(st.builds(Message, words, words), max_size=3).map(tuple),
    seed=st.integers(0, 2**31),
    reply=words,
    tokens=st.integers(0, 10**6),
    dollars=st.floats(0, 100),
    seconds=st.floats(0, 100),
    retries=st.integers(0, 5),
)
errors = st.lists(st.lists(st.none() | st.floats(0, 1e6), min_size=1, max_size=3), min_size=1)
shifts = st.sampled_from(["abs/none", "abs/shell", "abs-2/none", "sum/none"])
losses = st.dictionaries(shifts, errors).map(
    lambda lost: (lost and json.dumps(lost, separators=(",", ":"), sort_keys=True)) or ""
)
HISTORY = {"p1", "p2", "i1"}


def scored(step: int = 0, name: str = "abc", **more: object) -> Record:
    one = individual(name, fitness=0.25)
    record = Record(
        step=step,
        operator="gp",
        island=1,
        outcome=Outcome.SCORED,
        note="crossover",
        program=one.program,
        admission=one.admission,
        evaluation=one.evaluation,
        seconds=0.5,
        clock=2.0,
    )
    return replace(record, **more)  # type: ignore[arg-type]


def names(*short: str) -> tuple[str, ...]:
    return tuple(name.ljust(12, "0") for name in short)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "ledger.sqlite", create=True)) as made:
        yield made


def damage(path: Path, statement: str, table: str) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(f"DROP TRIGGER {table}_update")
        raw.execute(statement)


@settings(deadline=None)  # a disk takes as long as it takes
@given(st.lists(calls, max_size=3), losses, words, st.sampled_from(Outcome))
def test_what_is_appended_reads_back(
    tmp_path_factory: pytest.TempPathFactory,
    made: list[Call],
    lost: str,
    detail: str,
    outcome: Outcome,
) -> None:
    path = tmp_path_factory.mktemp("run") / "ledger.sqlite"
    with closing(Ledger(path, create=True)) as ledger:
        parents = [scored(step, name) for step, name in enumerate(("p1", "p2", "i1"))]
        bare = Record(3, "llm", 0, outcome, detail=detail, calls=tuple(made), seen=2)
        one = scored(4, parents=names("p2", "p1"), inspirations=names("i1"), twin=names("p1")[0])
        assert one.evaluation is not None
        one = replace(one, evaluation=replace(one.evaluation, losses=lost), calls=tuple(made))
        for record in [*parents, bare, one]:
            ledger.extend([record])
        assert list(ledger) == [*parents, bare, one]


def test_an_outline_lacks_the_words_of_calls_and_the_errors_of_nets_and_nothing_else(
    ledger: Ledger,
) -> None:
    call = Call("m", (Message("user", "why?"),), 3, "because", 7, 0.5, 1.0)
    whole = scored(calls=(call,))
    assert whole.evaluation is not None
    measured = replace(
        whole.evaluation,
        intervals={"abs/none": (-0.1, 0.2)},
        losses='{"abs/none":[[0.5,null]]}',
    )
    ledger.extend([replace(whole, evaluation=measured)])
    (outline,) = ledger.outlines()
    assert outline == replace(
        whole,
        calls=(replace(call, messages=(), reply=""),),
        evaluation=replace(measured, losses=""),
    )
    (record,) = ledger
    assert outline == record.outline


def test_a_reader_sees_what_the_writer_has_finished(ledger: Ledger) -> None:
    with closing(Ledger(ledger.path)) as reader:
        for step in range(3):
            ledger.extend([scored(step)])
            assert [record.step for record in reader] == list(range(step + 1))


def test_a_step_is_recorded_once(ledger: Ledger) -> None:
    ledger.extend([scored()])
    with pytest.raises(sqlite3.IntegrityError):
        ledger.extend([replace(scored(), note="again")])
    assert [record.note for record in ledger] == ["crossover"]


def test_nobody_descends_from_a_program_that_is_not_there(ledger: Ledger) -> None:
    for stranger in ({"parents": names("p1")}, {"inspirations": names("p1")}, {"original": "p1"}):
        with pytest.raises(sqlite3.IntegrityError):
            ledger.extend([scored(**stranger)])
    assert list(ledger) == []


def test_a_text_that_differs_from_the_program_s_first_one_is_kept_too(ledger: Ledger) -> None:
    first = scored()
    assert first.program is not None
    second = scored(1, program=Program(first.program.id, f"{first.program.source}\n# the same"))
    ledger.extend([first, second])
    assert list(ledger) == [first, second]


def test_a_program_that_was_refused_may_be_admitted_later(ledger: Ledger) -> None:
    refused = scored(outcome=Outcome.REFUSED, admission=None, evaluation=None)
    ledger.extend([refused, scored(1), replace(refused, step=2)])
    assert list(ledger) == [refused, scored(1), replace(refused, step=2)]


@pytest.mark.parametrize("table", TABLES)
def test_what_was_written_is_never_changed(ledger: Ledger, table: str) -> None:
    guards = {f"{table}_update", f"{table}_delete"}
    with closing(sqlite3.connect(ledger.path)) as raw:
        found = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        assert guards <= {name for (name,) in found}
        ledger.extend([scored(calls=(Call("m", (), 0, ""),))])
        with pytest.raises(sqlite3.IntegrityError, match="only appended to"):
            raw.execute("DELETE FROM records")
        with pytest.raises(sqlite3.IntegrityError, match="only appended to"):
            raw.execute("UPDATE calls SET reply = 'better'")


def test_births_are_the_first_scored_records_in_the_order_asked(ledger: Ledger) -> None:
    ledger.extend(
        [
            scored(0, "a", outcome=Outcome.CRASHED, evaluation=None),
            scored(1, "a"),
            scored(2, "b"),
            scored(3, "a", round=1),
        ]
    )
    assert [born.step for born in ledger.births(names("b", "a", "c"))] == [2, 1]
    assert [record.step for record in ledger.of(names("a")[0])] == [0, 1, 3]


def test_the_first_records_are_those_absorbed_first(ledger: Ledger) -> None:
    ledger.extend(scored(step) for step in (4, 0, 2, 1))
    assert [record.step for record in ledger.first(2)] == [4, 0]
    assert [record.step for record in ledger.first(9)] == [4, 0, 2, 1]
    assert ledger.begun() == [(4, 0), (0, 0), (2, 0), (1, 0)]


@pytest.mark.parametrize("content", [b"", b"not a database, though long enough to be one" * 9])
def test_a_file_that_is_no_ledger_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(content)
    with pytest.raises(RunError, match=r"ledger\.sqlite"):
        Ledger(path)


def test_a_missing_ledger_is_not_made_by_looking_for_it(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no ledger here"):
        Ledger(tmp_path / "ledger.sqlite")
    assert not list(tmp_path.iterdir())


def test_a_damaged_row_is_named(ledger: Ledger) -> None:
    ledger.extend([scored()])
    damage(ledger.path, "UPDATE records SET evaluation = '{}'", "records")
    with pytest.raises(RunError, match="record 1 is damaged"):
        list(ledger)


def test_a_half_written_file_is_named_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with closing(Ledger(path, create=True)) as whole:
        whole.extend(scored(step, f"p{step}", note="long " * 200) for step in range(200))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with (
        pytest.raises(RunError, match=r"ledger\.sqlite: cannot be .* copy"),
        closing(Ledger(path)) as half,
    ):
        list(half)


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9, 0.999])
def test_a_write_ahead_log_cut_anywhere_holds_the_records_that_were_whole(
    tmp_path: Path, share: float
) -> None:
    with closing(Ledger(tmp_path / "ledger.sqlite", create=True)) as writer:
        for step in range(30):
            writer.extend([scored(step, f"p{step}")])
        copy = tmp_path / "copy"
        copy.mkdir()
        for file in tmp_path.glob("ledger.sqlite*"):
            if not file.name.endswith("-shm"):
                (copy / file.name).write_bytes(file.read_bytes())
    log = copy / "ledger.sqlite-wal"
    log.write_bytes(log.read_bytes()[: int(share * log.stat().st_size)])
    with closing(Ledger(copy / "ledger.sqlite")) as cut:
        steps = [record.step for record in cut]
        assert steps == list(range(len(steps)))
        assert 0 < len(steps) < 30


def test_a_full_disk_is_told_in_one_line_and_loses_only_what_could_not_be_written(
    ledger: Ledger,
) -> None:
    ledger.extend([scored(0, "a")])
    with ledger._file.writing() as database:  # noqa: SLF001  (as if the disk ended here)
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(RunError, match=r"cannot be written .*full.*evolve resume"):
        ledger.extend([scored(1, "b", note="long " * 10_000)])
    assert [record.step for record in ledger] == [0]
    with ledger._file.writing() as database:  # noqa: SLF001
        database.execute("PRAGMA max_page_count = 1000000")
    ledger.extend([scored(1, "b")])
    assert [record.step for record in ledger] == [0, 1]


@pytest.mark.parametrize(("version", "age"), [(99, "a newer"), (1, "an older")])
def test_another_version_of_the_ledger_is_refused(ledger: Ledger, version: int, age: str) -> None:
    with closing(sqlite3.connect(ledger.path)) as raw:
        raw.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(RunError, match=f"version {version}, this is 3; read it with {age}"):
        Ledger(ledger.path)


def test_another_program_s_database_is_no_ledger(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as raw, raw:
        raw.execute("CREATE TABLE records (step INTEGER)")
    with pytest.raises(RunError, match="not a ledger"):
        Ledger(tmp_path / "ledger.sqlite")
