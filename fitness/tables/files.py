"""Reads CSV and Parquet files with polars."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl

from fitness.errors import FitnessError
from fitness.tables.paths import checked
from fitness.tables.table import Table

_MAGIC = b"PAR1"


def read_file(path: Path) -> Table:
    """The table in a file; the cells of a CSV file stay text, so that a bad one can be named.

    Raises:
        FitnessError: the file cannot be read, is no table, has a column name twice, or no rows.
    """
    checked(path)
    try:
        columns = _read_csv(path) if path.suffix.lower() == ".csv" else _read_parquet(path)
    except OSError as error:
        raise FitnessError(f"{path} cannot be read: {error.strerror or error}") from None
    except pl.exceptions.PolarsError as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise FitnessError(f"{path} is no table: {reason}; mend it or write it anew") from None
    if not columns.height:
        raise FitnessError(f"{path} has column names and no rows below them")
    return Table(str(path), columns)


def _read_csv(path: Path) -> pl.DataFrame:
    text = _decoded(path)
    names = next(csv.reader(text.splitlines()), [])
    if "" in names:
        place = names.index("") + 1
        raise FitnessError(f"{path}: column {place} has no name; the first line names the columns")
    for name in names:
        if names.count(name) > 1:
            raise FitnessError(f"{path}: two columns are named {name!r}; rename one")
    columns = pl.read_csv(text.encode(), infer_schema=False)
    # A line that is empty at the end of a file is no row; one in the middle is a mistake.
    filled = columns.select(pl.any_horizontal(pl.all().is_not_null()).arg_true()).to_series()
    return columns.head(int(filled[-1]) + 1 if len(filled) else 0)


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    if b"\0" in raw:
        place = raw.index(b"\0")
        raise FitnessError(f"{path} is no text: byte {place} is 0; a CSV file holds text alone")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FitnessError(
            f"{path} is no text in UTF-8: byte {error.start} is {raw[error.start]:#x}; "
            "save it in UTF-8"
        ) from None


def _read_parquet(path: Path) -> pl.DataFrame:
    with path.open("rb") as file:
        start = file.read(len(_MAGIC))
    if start != _MAGIC:
        raise FitnessError(f"{path} is no Parquet file: it begins with {start!r}, not {_MAGIC!r}")
    return pl.read_parquet(path)
