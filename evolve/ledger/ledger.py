"""Extend it by records; iterate to read them back in the order in which they were absorbed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from evolve.errors import RunError
from evolve.ledger import rows
from evolve.ledger.annals import Annals
from evolve.ledger.file import File
from evolve.records import Call, Record

_ADMITTED = rows.ADMITTED.split(", ")
_PROGRAM = (
    f"INSERT INTO programs (program, {rows.ADMITTED}, source) VALUES (?,?,?,?,?,?,?,?,?,?,?) "
    f"ON CONFLICT (program) DO UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in _ADMITTED)} "
    "WHERE programs.graph IS NULL AND excluded.graph IS NOT NULL"
)
_RECORD = (
    f"INSERT INTO records ({rows.RECORDED}, fitness, session) "
    "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
# Many rows a record, taken apart by SQLite: other threads run meanwhile.
_MEASURED = (
    "INSERT INTO measurements SELECT ?, substr(key, 1, instr(key, '/') - 1), "
    "substr(key, instr(key, '/') + 1), value FROM json_each(?)"
)
_LINKS = "SELECT record, kind, program FROM links"
_CALLS = f"SELECT record, {rows.CALLED} FROM calls"
_WORDS = f"SELECT record, {rows.CALLED}, messages, reply FROM calls"
_LOSSES = "SELECT record, task, shift, errors FROM measurements"
_BORN = """
record IN (
    SELECT (SELECT min(record) FROM records WHERE program = value AND fitness IS NOT NULL)
    FROM json_each(?)
)
"""


_ANCESTRY = """
WITH RECURSIVE line (program) AS (
    VALUES (?)
    UNION
    SELECT links.program FROM line JOIN links ON links.kind = 'parent' AND links.record = (
        SELECT min(record) FROM records WHERE program = line.program AND fitness IS NOT NULL
    )
)
SELECT program FROM line
"""
_CHILDREN = """
SELECT records.program FROM json_each(?) JOIN links ON links.program = value
JOIN records USING (record)
WHERE links.kind = 'parent' AND record = (
    SELECT min(record) FROM records AS births
    WHERE births.program = records.program AND fitness IS NOT NULL
) ORDER BY record
"""


_GLIMPSED = (
    "record, step, operator, island, round, outcome, program, fitness, seconds, clock, "
    "coalesce(instr(evaluation, '\"complete\": false'), 0)"
)


class Glimpse(NamedTuple):
    """A record seen from far: its number, and what is quick to read of it.

    Attributes:
        partial: not 0 if it was stopped on a cheap rung, whose figures compare with nothing else.
    """

    record: int
    step: int
    operator: str
    island: int
    round: int
    outcome: str
    program: str | None
    fitness: float | None
    seconds: float
    clock: float
    partial: int


class Ledger:
    """Records in the order in which they were absorbed; `annals` for what is kept beside them.

    One process writes; any number may read meanwhile (write-ahead log).
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Opens the ledger at `path`.

        Raises:
            RunError: there is none, it is not a ledger of this version, or it cannot be written.
        """
        self.path = path
        self._file = File(path, create=create)
        self.annals = Annals(self._file)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def extend(self, records: Iterable[Record]) -> None:
        """Writes all `records` in one transaction: a crash can lose it whole, never in part.

        Raises:
            RunError: they cannot be written, e.g. because the disk is full; nothing of them was.
        """
        with self._file.writing() as database:
            for record in records:
                self._append(database, record)

    def __iter__(self) -> Iterator[Record]:
        """Every record, whole."""
        return self._read(whole=True)

    def outlines(self) -> Iterator[Record]:
        """The outline of every record, in a fraction of the time that whole ones take."""
        return self._read(whole=False)

    def first(self, count: int) -> Iterator[Record]:
        """The `count` records that were absorbed first, whole."""
        return self._read("record <= ?", (count,), whole=True)

    def of(self, program: str) -> list[Record]:
        """Every record that speaks of `program`, whole."""
        return [*self._read("record IN (SELECT record FROM records WHERE program = ?)", (program,))]

    def ancestry(self, program: str) -> list[str]:
        """Ids of `program` and of all that it descends from, in one query, in no order."""
        return [name for (name,) in self._file.query(_ANCESTRY, (program,))]

    def children(self, programs: Sequence[str]) -> list[str]:
        """Ids of programs of which one of `programs` is a parent, by their first scored record."""
        found = self._file.query(_CHILDREN, (json.dumps(programs),))
        return [name for (name,) in found]

    def births(self, programs: Sequence[str]) -> list[Record]:
        """Outlines of the records that first scored each of `programs`, in the order of these."""
        found = {
            born.program.id: born
            for born in self._read(_BORN, (json.dumps(programs),), whole=False)
            if born.program is not None
        }
        return [found[name] for name in programs if name in found]

    def programs(self, prefix: str, most: int) -> list[str]:
        """Ids of programs that begin with `prefix`, in order, `most` at most."""
        query = "SELECT program FROM programs WHERE program >= ? AND program < ? ORDER BY 1 LIMIT ?"
        found = self._file.query(query, (prefix, f"{prefix}\U0010ffff", most))
        return [name for (name,) in found]

    def skim(self, after: int = 0) -> Iterator[Glimpse]:
        """What pictures need of every record behind number `after`: no text, nothing nested."""
        query = f"SELECT {_GLIMPSED} FROM records WHERE record > ? ORDER BY record"
        return (Glimpse(*row) for row in self._file.query(query, (after,)))

    def earnings(self) -> list[tuple[str, int, int, float, float]]:
        """(model, calls, tokens, dollars, seconds) of every model that was asked."""
        query = (
            "SELECT model, count(*), sum(tokens), sum(dollars), sum(seconds) FROM calls "
            "GROUP BY model ORDER BY model"
        )
        return [tuple(row) for row in self._file.query(query)]

    def begun(self) -> list[tuple[int, int]]:
        """(step, records absorbed when it was begun) of every record, in the ledger's order."""
        found = self._file.query("SELECT step, seen FROM records ORDER BY record")
        return [(step, seen) for step, seen in found]

    def at(self, step: int) -> Record | None:
        """The record of a step, whole; none if it has not been absorbed."""
        which = "record IN (SELECT record FROM records WHERE step = ?)"
        return next(self._read(which, (step,)), None)

    def sessions_began(self) -> set[int]:
        """How many records there were when each session's first one was absorbed."""
        query = "SELECT min(record) - 1 FROM records GROUP BY session"
        return {count for (count,) in self._file.query(query)}

    def taken_over(self) -> int:
        """How many records were taken over from other runs; they come first."""
        query = (
            "SELECT count(*) FROM records WHERE session IN "
            "(SELECT session FROM sessions WHERE origin != '')"
        )
        return next(int(count) for (count,) in self._file.query(query))

    def call(self, request: str) -> Call | None:
        """The first call that asked this question, or none."""
        query = f"SELECT {rows.CALLED}, messages, reply FROM calls WHERE request = ? LIMIT 1"
        return next(map(rows.call_of, self._file.query(query, (request,))), None)

    def calls(self) -> Iterator[Call]:
        """Every call, in the order of the records."""
        return (
            rows.call_of(row[1:]) for row in self._file.query(f"{_WORDS} ORDER BY record, place")
        )

    def _read(
        self, which: str = "TRUE", values: tuple[Any, ...] = (), *, whole: bool = True
    ) -> Iterator[Record]:
        which = f" WHERE {which} ORDER BY record"
        records = self._file.query(f"{rows.RECORDS}{which}", values)
        links = rows.Beside(self._file.query(f"{_LINKS}{which}, kind, place", values))
        calls = rows.Beside(
            self._file.query(f"{_WORDS if whole else _CALLS}{which}, place", values)
        )
        losses = rows.Beside(self._file.query(f"{_LOSSES}{which}", values) if whole else ())
        for row in records:
            number = row[0]
            try:
                yield rows.record_of(
                    row,
                    links.of(number),
                    [rows.call_of(call[1:]) for call in calls.of(number)],
                    losses.of(number),
                )
            except (KeyError, TypeError, ValueError) as error:
                raise RunError(f"{self.path}: record {number} is damaged ({error})") from error

    def _append(self, database: sqlite3.Connection, record: Record) -> None:
        program, source = record.program, None
        if program is not None:
            known = database.execute(
                "SELECT source FROM programs WHERE program = ?", (program.id,)
            ).fetchone()
            if known is None or record.admission is not None:
                database.execute(_PROGRAM, rows.program_row(program, record.admission))
            if known is not None and known[0] != program.source:
                source = program.source
        row = rows.record_row(record, self.annals.session, source)
        number = database.execute(_RECORD, row).lastrowid
        assert number is not None  # noqa: S101  (a row that was inserted has a number)
        if record.evaluation is not None and record.evaluation.losses:
            database.execute(_MEASURED, (number, record.evaluation.losses))
        links = [(number, "parent", *each) for each in enumerate(record.parents)]
        links += [(number, "inspiration", *each) for each in enumerate(record.inspirations)]
        calls = [rows.call_row(number, place, call) for place, call in enumerate(record.calls)]
        for statement, beside in (
            ("INSERT INTO links VALUES (?,?,?,?)", links),
            ("INSERT INTO calls VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", calls),
        ):
            if beside:
                database.executemany(statement, beside)
