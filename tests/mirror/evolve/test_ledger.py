import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve.errors import RunError
from evolve.ledger import Ledger
from evolve.records import Call, Message, Outcome, Record
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
)


def scored(step: int = 0) -> Record:
    one = individual("abc", fitness=0.25)
    return Record(
        step=step,
        operator="gp",
        island=1,
        outcome=Outcome.SCORED,
        parents=("p1", "p2"),
        inspirations=("i1",),
        note="crossover",
        program=one.program,
        admission=one.admission,
        evaluation=one.evaluation,
        seconds=0.5,
        clock=2.0,
    )


@given(st.lists(calls, max_size=3), words, st.sampled_from(Outcome))
def test_what_is_appended_reads_back(
    tmp_path_factory: pytest.TempPathFactory, made: list[Call], detail: str, outcome: Outcome
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("run") / "ledger.sqlite", create=True)
    bare = Record(0, "llm", 0, outcome, detail=detail, calls=tuple(made))
    ledger.append(bare)
    ledger.append(scored(1))
    assert list(ledger) == [bare, scored(1)]
    ledger.close()


def test_a_reader_sees_what_the_writer_has_finished(tmp_path: Path) -> None:
    writer = Ledger(tmp_path / "ledger.sqlite", create=True)
    reader = Ledger(tmp_path / "ledger.sqlite")
    for step in range(3):
        writer.append(scored(step))
        assert [record.step for record in reader] == list(range(step + 1))
    writer.close()
    reader.close()


def test_a_step_is_recorded_once(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite", create=True)
    ledger.append(scored())
    with pytest.raises(sqlite3.IntegrityError):
        ledger.append(replace(scored(), note="again"))
    assert [record.note for record in ledger] == ["crossover"]
    ledger.close()


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


def test_a_damaged_row_is_named(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite", create=True)
    ledger.append(scored())
    ledger.close()
    with sqlite3.connect(tmp_path / "ledger.sqlite") as raw:
        raw.execute("UPDATE records SET evaluation = '{}'")
    raw.close()
    damaged = Ledger(tmp_path / "ledger.sqlite")
    with pytest.raises(RunError, match="record 1 is damaged"):
        list(damaged)
    damaged.close()


def test_another_version_of_the_ledger_is_refused(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite", create=True)
    ledger.note("version", "99")
    ledger.close()
    with pytest.raises(RunError, match="version 99"):
        Ledger(tmp_path / "ledger.sqlite")
