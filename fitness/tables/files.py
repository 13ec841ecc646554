"""Reads CSV and Parquet files with polars."""

from __future__ import annotations

import codecs
import csv
import io
from itertools import islice
from pathlib import Path

import polars as pl

from fitness.errors import FitnessError
from fitness.tables.paths import checked
from fitness.tables.table import Table

_MAGIC = b"PAR1"
_MOST_CELLS = 50_000_000


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
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, csv.Error) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
        raise FitnessError(f"{path} is no table: {reason}; mend it or write it anew") from None
    if not columns.height:
        raise FitnessError(f"{path} has column names and no rows below them")
    return Table(str(path), columns)


def _read_csv(path: Path) -> pl.DataFrame:
    raw = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    names = _header(path, _decoded(path, raw))
    try:
        columns = pl.read_csv(raw, infer_schema=False)
    except pl.exceptions.PolarsError:
        _demand_even_rows(path, raw, names)
        raise
    # A line that is empty at the end of a file is no row; one in the middle is a mistake.
    filled = columns.select(pl.any_horizontal(pl.all().is_not_null()).arg_true()).to_series()
    return columns.head(int(filled[-1]) + 1 if len(filled) else 0)


def _header(path: Path, text: str) -> list[str]:
    names = next(csv.reader(io.StringIO(text)), [])
    if len(names) < 2:
        start = text.partition("\n")[0][:40]
        wanted = "two names of columns or more, separated by commas, are wanted"
        raise FitnessError(f"{path} begins with {start!r}; {wanted}")
    if "" in names:
        place = names.index("") + 1
        raise FitnessError(f"{path}: column {place} has no name; the first line names the columns")
    if twice := [name for name in names if names.count(name) > 1]:
        raise FitnessError(f"{path}: two columns are named {twice[0]!r}; rename one")
    return names


def _demand_even_rows(path: Path, raw: bytes, names: list[str]) -> None:
    rows = csv.reader(io.StringIO(raw.decode()))
    for number, row in enumerate(islice(rows, 1, None), 1):
        if len(row) > len(names):
            raise FitnessError(
                f"{path}: row {number} has {len(row)} cells, but the first line names "
                f"{len(names)} columns; a text with a comma needs quotes"
            )


def _decoded(path: Path, raw: bytes) -> str:
    if (place := raw.find(b"\0")) >= 0:
        raise FitnessError(f"{path} is no text: byte {place} is 0; a CSV file holds text alone")
    try:
        return raw.decode()
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
    lazy = pl.scan_parquet(path, glob=False)
    # A small file may hold a large table, compressed.
    rows, columns = int(lazy.select(pl.len()).collect().item()), len(lazy.collect_schema())
    if rows * columns > _MOST_CELLS:
        raise FitnessError(
            f"{path} has {rows:,} rows of {columns} columns, and the most that is read is "
            f"{_MOST_CELLS:,} cells; draw rows from it, a few thousand are enough"
        )
    return lazy.collect()
