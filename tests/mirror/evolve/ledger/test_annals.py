from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from evolve.ledger import Ledger
from evolve.records import Call, Message
from evolve.session import Opening, Session
from tests.mirror.evolve.ledger.test_ledger import scored

SESSION = Session(
    began="2026-11-25T09:00:00+00:00",
    settings={"search": {"seed": 3, "operators": ["gp"]}},
    versions={"torch": "2.9"},
    suite="abc",
    machine="Linux 6.1 x86_64",
    isolation="full",
    commit="fc822b7-dirty",
    accepted=("torch: 2.8 -> 2.9",),
    origin="forked from runs/one at step 4",
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "ledger.sqlite", create=True)) as made:
        yield made


def test_sessions_read_back_and_only_the_last_one_ends_once(ledger: Ledger) -> None:
    ledger.annals.begin(SESSION)
    ledger.annals.begin(replace(SESSION, machine="another"))
    ledger.annals.end("finished: evaluations=3")
    ledger.annals.end("stopped")
    assert ledger.annals.sessions() == [
        SESSION,
        replace(SESSION, machine="another", ended="finished: evaluations=3"),
    ]


def test_a_session_that_was_cut_off_stays_so(ledger: Ledger) -> None:
    ledger.annals.begin(SESSION)
    ledger.annals.end("stopped by an error", after=1)  # which came before another one began
    assert ledger.annals.sessions() == [SESSION]


def test_a_record_belongs_to_the_session_that_made_it(ledger: Ledger) -> None:
    ledger.annals.begin(SESSION)
    ledger.extend([scored()])
    ledger.annals.begin(SESSION)
    ledger.extend([scored(1)])
    query = "SELECT session FROM records ORDER BY record"
    assert [row[0] for row in ledger._file.query(query)] == [1, 2]  # noqa: SLF001


def test_every_opening_of_the_test_split_is_kept(ledger: Ledger) -> None:
    openings = [
        Opening("2026-11-25T09:00:00+00:00", "lab", {"programs": ["abc"]}, {"abc": {"gain": 0.1}}),
        Opening("2026-11-25T10:00:00+00:00", "lab", {"programs": ["abc"]}, {"abc": None}),
    ]
    for opening in openings:
        ledger.annals.open(opening)
    assert ledger.annals.openings() == openings


def test_a_kept_reply_answers_its_own_question_and_costs_nothing(ledger: Ledger) -> None:
    call = Call("m", (Message("user", "why?"),), 3, "because", 7, 0.5, 1.0, 2)
    ledger.annals.keep([call, call])
    assert ledger.annals.reply(call.request) == Call("m", call.messages, 3, "because")
    assert ledger.annals.reply(replace(call, seed=4).request) is None
    assert list(ledger) == []
