"""A ledger's tables as files that other tools read: Parquet, JSON lines or CSV."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from evolve.errors import RunError
from evolve.ledger.schema import TABLES

_TYPES = {"INTEGER": pl.Int64(), "REAL": pl.Float64(), "TEXT": pl.String()}
_ROWS = 50_000  # at once: tables of any length fit into memory
_SINKS: dict[str, Callable[[pl.LazyFrame, Path], object]] = {
    "parquet": lambda frame, path: frame.sink_parquet(path, mkdir=True),
    "jsonl": lambda frame, path: frame.sink_ndjson(path, mkdir=True),
    "csv": lambda frame, path: frame.sink_csv(path, mkdir=True),
}


def dump(ledger: Path, folder: Path, form: str) -> list[tuple[Path, int]]:
    """Writes every table of `ledger` to a file of `folder`; says which, with how many rows.

    Raises:
        RunError: the folder cannot be written.
    """
    written = []
    with closing(sqlite3.connect(ledger, check_same_thread=False)) as database:
        for table in TABLES:
            path = folder / f"{table}.{form}"
            try:
                _SINKS[form](_frame(database, table), path)
            except OSError as error:
                raise RunError(
                    f"{path}: cannot be written ({error}); --out names another"
                ) from None
            count = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            written.append((path, count))
    return written


def _frame(database: sqlite3.Connection, table: str) -> pl.LazyFrame:
    columns = database.execute(f"PRAGMA table_info({table})").fetchall()
    schema = pl.Schema({name: _TYPES[kind] for _, name, kind, *_ in columns})

    def batches(*_: Any) -> Iterator[pl.DataFrame]:  # whole tables: nothing is pushed down
        rows = database.execute(f"SELECT * FROM {table}")  # noqa: S608  (a name of our schema)
        while batch := rows.fetchmany(_ROWS):
            yield pl.DataFrame(batch, schema=schema, orient="row")

    return register_io_source(batches, schema=schema)
