"""The tables of a ledger; docs/ledger.md says what every column means.

Long texts stand last in their tables: SQLite then reads the numbers of a row without them.
"""

from __future__ import annotations

VERSION = 3
APPLICATION = 0x41435456  # "ACTV", in the file's header: what tells a ledger from other databases

_TABLES = """
CREATE TABLE sessions (
    session INTEGER PRIMARY KEY,
    began TEXT NOT NULL,
    ended TEXT,
    machine TEXT NOT NULL,
    isolation TEXT NOT NULL,
    suite TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    origin TEXT NOT NULL,
    versions TEXT NOT NULL,
    accepted TEXT NOT NULL,
    settings TEXT NOT NULL
) STRICT;

CREATE TABLE programs (
    number INTEGER PRIMARY KEY,
    program TEXT NOT NULL UNIQUE,
    fingerprint TEXT,
    affine_class TEXT,
    flops REAL,
    transcendentals INTEGER,
    parameters INTEGER,
    traits TEXT,
    behaviour TEXT,
    source TEXT NOT NULL,
    canonical TEXT,
    graph TEXT
) STRICT;

CREATE TABLE records (
    record INTEGER PRIMARY KEY,
    step INTEGER NOT NULL UNIQUE,
    seen INTEGER NOT NULL,
    session INTEGER REFERENCES sessions,
    operator TEXT NOT NULL,
    island INTEGER NOT NULL,
    round INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    program TEXT REFERENCES programs (program),
    admitted INTEGER NOT NULL,
    original TEXT REFERENCES programs (program),
    twin TEXT REFERENCES programs (program),
    fitness REAL,
    seconds REAL NOT NULL,
    clock REAL NOT NULL,
    note TEXT NOT NULL,
    detail TEXT NOT NULL,
    evaluation TEXT,
    source TEXT
) STRICT;
CREATE INDEX records_by_program ON records (program, fitness);

CREATE TABLE links (
    record INTEGER NOT NULL REFERENCES records,
    kind TEXT NOT NULL CHECK (kind IN ('inspiration', 'parent')),
    place INTEGER NOT NULL,
    program TEXT NOT NULL REFERENCES programs (program),
    PRIMARY KEY (record, kind, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_program ON links (program);

CREATE TABLE measurements (
    record INTEGER NOT NULL REFERENCES records,
    task TEXT NOT NULL,
    shift TEXT NOT NULL,
    errors TEXT NOT NULL,
    PRIMARY KEY (record, task, shift)
) STRICT, WITHOUT ROWID;

CREATE TABLE calls (
    record INTEGER NOT NULL REFERENCES records,
    place INTEGER NOT NULL,
    request TEXT NOT NULL,
    model TEXT NOT NULL,
    seed INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    dollars REAL NOT NULL,
    seconds REAL NOT NULL,
    retries INTEGER NOT NULL,
    failure TEXT NOT NULL,
    messages TEXT NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (record, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX calls_by_request ON calls (request);

CREATE TABLE replies (
    request TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    seed INTEGER NOT NULL,
    messages TEXT NOT NULL,
    reply TEXT NOT NULL
) STRICT;

CREATE TABLE openings (
    opening INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    suite TEXT NOT NULL,
    measured TEXT NOT NULL,
    results TEXT NOT NULL
) STRICT;
"""
_COMPLETED = {"sessions": "ended", "programs": "graph"}
"""A session's row is completed once, when it ends; a program's, when it is first admitted."""
TABLES = (
    "sessions", "programs", "records", "links", "measurements", "calls", "replies", "openings",
)  # fmt: skip


def _guards() -> str:
    """What makes "only ever appended" the database's own rule."""
    return "".join(
        f"CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} {_unless(table, verb)}"
        "BEGIN SELECT RAISE(ABORT, 'a ledger is only appended to'); END;\n"
        for table in TABLES
        for verb in ("update", "delete")
    )


def _unless(table: str, verb: str) -> str:
    completed = table in _COMPLETED and verb == "update"
    return f"WHEN old.{_COMPLETED[table]} IS NOT NULL " if completed else ""


SCHEMA = (
    f"{_TABLES}{_guards()}PRAGMA application_id = {APPLICATION};PRAGMA user_version = {VERSION};"
)
