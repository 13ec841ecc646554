"""The run's memory on disk: SQLite, one row a record, only ever appended."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from evolve.errors import RunError
from evolve.records import (
    Admission,
    Call,
    Evaluation,
    Message,
    Outcome,
    Program,
    Record,
)
from evolve.session import Opening

VERSION = 1
SCHEMA = """
CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE records (
    row INTEGER PRIMARY KEY,
    step INTEGER NOT NULL UNIQUE,
    operator TEXT NOT NULL,
    island INTEGER NOT NULL,
    round INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    note TEXT NOT NULL,
    program TEXT,
    source TEXT,
    fingerprint TEXT,
    fitness REAL,
    admission TEXT,
    evaluation TEXT,
    seconds REAL NOT NULL,
    clock REAL NOT NULL
) STRICT;
CREATE INDEX records_by_program ON records (program);
CREATE INDEX records_by_fingerprint ON records (fingerprint);
CREATE TABLE links (
    row INTEGER NOT NULL REFERENCES records,
    kind TEXT NOT NULL CHECK (kind IN ('parent', 'inspiration')),
    program TEXT NOT NULL
) STRICT;
CREATE INDEX links_by_row ON links (row);
CREATE INDEX links_by_program ON links (program);
CREATE TABLE calls (
    row INTEGER NOT NULL REFERENCES records,
    model TEXT NOT NULL,
    messages TEXT NOT NULL,
    seed INTEGER NOT NULL,
    reply TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    dollars REAL NOT NULL,
    seconds REAL NOT NULL
) STRICT;
CREATE INDEX calls_by_row ON calls (row);
"""
OPENINGS = """
CREATE TABLE IF NOT EXISTS openings (
    opening INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    suite TEXT NOT NULL,
    measured TEXT NOT NULL,
    results TEXT NOT NULL
) STRICT;
"""
INSERT = """
INSERT INTO records (step, operator, island, round, outcome, detail, note, program, source,
    fingerprint, fitness, admission, evaluation, seconds, clock)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class Ledger:
    """Append records; iterate to read them back in the order in which they were absorbed.

    One process writes; any number may read meanwhile (write-ahead log).
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Opens the ledger at `path`.

        Raises:
            RunError: there is none, it is not a ledger of this version, or it cannot be written.
        """
        self.path = path
        if not create and not path.is_file():
            raise RunError(f"{path}: no ledger here; `evolve list` shows the runs there are")
        try:
            self._database = sqlite3.connect(path)
            self._database.row_factory = sqlite3.Row
            if create:
                self._database.executescript(f"PRAGMA journal_mode = WAL;{SCHEMA}")
                self.note("version", str(VERSION))
            version = self.notes().get("version")
        except sqlite3.Error as error:
            raise RunError(f"{path}: cannot be opened as a ledger ({error})") from None
        if version != str(VERSION):
            raise RunError(f"{path}: written by ledger version {version}, this is {VERSION}")

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def append(self, record: Record) -> None:
        """Writes `record` in one transaction: a crash can lose it whole, never in part."""
        links = [("parent", program) for program in record.parents]
        links += [("inspiration", program) for program in record.inspirations]
        with self._database as database:
            row = database.execute(INSERT, _columns(record)).lastrowid
            database.executemany(
                "INSERT INTO links VALUES (?, ?, ?)", [(row, *link) for link in links]
            )
            database.executemany(
                "INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(row, *_call_columns(call)) for call in record.calls],
            )

    def __iter__(self) -> Iterator[Record]:
        with closing(self._database.execute("SELECT * FROM records ORDER BY row")) as rows:
            for row in rows:
                yield self._record(row)

    def notes(self) -> dict[str, str]:
        """What is known of the run as a whole: versions, machine, how it ended."""
        return {row["key"]: row["value"] for row in self._database.execute("SELECT * FROM run")}

    def note(self, key: str, value: str) -> None:
        """Writes one fact about the run as a whole."""
        with self._database as database:
            database.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (key, value))

    def open(self, opening: Opening) -> None:
        """Writes that the test split was opened, or what it showed."""
        told = (json.dumps(opening.measured), json.dumps(opening.results))
        with self._database as database:
            database.execute(OPENINGS)
            database.execute(
                "INSERT INTO openings (at, suite, measured, results) VALUES (?, ?, ?, ?)",
                (opening.at, opening.suite, *told),
            )

    def openings(self) -> list[Opening]:
        """What was written of openings of the test split, in order."""
        there = "SELECT 1 FROM sqlite_master WHERE name = 'openings'"
        if not self._database.execute(there).fetchall():
            return []
        rows = self._database.execute("SELECT * FROM openings ORDER BY opening")
        return [
            Opening(at, suite, json.loads(measured), json.loads(results))
            for _, at, suite, measured, results in rows
        ]

    def _record(self, row: sqlite3.Row) -> Record:
        try:
            return Record(
                step=row["step"],
                operator=row["operator"],
                island=row["island"],
                round=row["round"],
                outcome=Outcome(row["outcome"]),
                detail=row["detail"],
                note=row["note"],
                program=Program(row["program"], row["source"]) if row["program"] else None,
                admission=_admission(row["admission"]) if row["admission"] else None,
                evaluation=_evaluation(row["evaluation"]) if row["evaluation"] else None,
                parents=self._links(row["row"], "parent"),
                inspirations=self._links(row["row"], "inspiration"),
                calls=self._calls(row["row"]),
                seconds=row["seconds"],
                clock=row["clock"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise RunError(f"{self.path}: record {row['row']} is damaged ({error})") from error

    def _links(self, row: int, kind: str) -> tuple[str, ...]:
        query = "SELECT program FROM links WHERE row = ? AND kind = ? ORDER BY rowid"
        return tuple(link["program"] for link in self._database.execute(query, (row, kind)))

    def _calls(self, row: int) -> tuple[Call, ...]:
        rows = self._database.execute("SELECT * FROM calls WHERE row = ? ORDER BY rowid", (row,))
        return tuple(_call(call) for call in rows)


def _columns(record: Record) -> tuple[object, ...]:
    program, admission, evaluation = record.program, record.admission, record.evaluation
    return (
        record.step,
        record.operator,
        record.island,
        record.round,
        record.outcome.value,
        record.detail,
        record.note,
        program and program.id,
        program and program.source,
        admission and admission.fingerprint,
        evaluation and evaluation.fitness,
        admission and json.dumps(asdict(admission)),
        evaluation and json.dumps(asdict(evaluation)),
        record.seconds,
        record.clock,
    )


def _call(row: sqlite3.Row) -> Call:
    return Call(
        model=row["model"],
        messages=tuple(Message(**turn) for turn in json.loads(row["messages"])),
        seed=row["seed"],
        reply=row["reply"],
        tokens=row["tokens"],
        dollars=row["dollars"],
        seconds=row["seconds"],
    )


def _call_columns(call: Call) -> tuple[object, ...]:
    messages = json.dumps([asdict(message) for message in call.messages])
    numbers = (call.seed, call.reply, call.tokens, call.dollars, call.seconds)
    return (call.model, messages, *numbers)


def _admission(text: str) -> Admission:
    fields = json.loads(text)
    return Admission(**{**fields, "descriptor": tuple(fields["descriptor"])})


def _evaluation(text: str) -> Evaluation:
    fields = json.loads(text)
    tuples = {name: tuple(fields[name]) for name in ("interval", "rungs")}
    return Evaluation(**{**fields, **tuples})
