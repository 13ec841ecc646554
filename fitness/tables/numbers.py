"""Columns as numbers: features, and targets of either kind.

Shapes: `rows` of a table; `features`; `outputs`, 1 of a number and one a class.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl
from jaxtyping import Bool, Float64

from fitness.errors import FitnessError
from fitness.tables.table import Table

_MOST_WORDS = 20
_MOST_CLASSES = 50
_LARGEST = 1e30  # nets compute in float32, which ends at 3e38


@dataclass(frozen=True, eq=False)
class Features:
    """The inputs of a table.

    Attributes:
        names: one a feature; of a column of words, "column=word".
        columns: the column that each feature was made from.
        values: in the table's own units.
    """

    names: tuple[str, ...]
    columns: tuple[str, ...]
    values: Float64[np.ndarray, "rows features"]

    def only(self, kept: Bool[np.ndarray, " features"]) -> Features:
        """The features that are kept."""
        places = np.flatnonzero(kept).tolist()
        return Features(
            tuple(self.names[k] for k in places),
            tuple(self.columns[k] for k in places),
            self.values[:, kept],
        )


def read_features(table: Table, leave_out: Collection[str]) -> Features:
    """Every other column as features: numbers as they are, few words as one column each.

    Raises:
        FitnessError: no column is left; or a cell is empty, infinite, or text among numbers; or
            a column has too many words.
    """
    names, columns, parts = [], [], []
    for column in table.columns.columns:
        if column in leave_out:
            continue
        for name, values in _features_of(table, column).items():
            names.append(name)
            columns.append(column)
            parts.append(values)
    if not parts:
        raise FitnessError(f"{table.name} has no column beside the target; a net needs an input")
    return Features(tuple(names), tuple(columns), np.column_stack(parts))


def read_numbers(table: Table, name: str) -> Float64[np.ndarray, " rows"]:
    """A column as numbers; true is 1.

    Raises:
        FitnessError: there is no such column, or a cell is empty, infinite or no number.
    """
    column = table.column(name)
    if not (column.dtype.is_numeric() or column.dtype in (pl.Boolean, pl.String)):
        raise FitnessError(f"{table.name}: column {name!r} holds {column.dtype}, not numbers")
    numbers = column.cast(pl.Float64, strict=False)
    if (row := _first(numbers.is_null())) is not None:
        raise table.cell_error(name, row, f"is {column[row]!r}, which is no number; {_ADVICE}")
    if (row := _first(~numbers.is_finite() | (numbers.abs() > _LARGEST))) is not None:
        wanted = f"a finite number within ±{_LARGEST:g} is wanted; {_ADVICE}"
        raise table.cell_error(name, row, f"is {numbers[row]}, and {wanted}")
    return numbers.to_numpy().astype(np.float64)


_ADVICE = "mend the cell, or leave the column out with drop"


def read_targets(
    table: Table, name: str, *, classes: bool | None
) -> tuple[Float64[np.ndarray, "rows outputs"], bool]:
    """The targets, and whether they are classes.

    Args:
        table: the table.
        name: the target's column.
        classes: whether it holds classes; none: words are, and true and false; numbers are not.

    Raises:
        FitnessError: as `read_numbers`; or the classes are one, or too many.
    """
    column = table.column(name)
    if classes is None:
        classes = column.dtype == pl.Boolean or _is_words(column)
    if not classes:
        return read_numbers(table, name)[:, np.newaxis], False
    words = column.cast(pl.String)
    distinct = words.unique().sort()
    if not 2 <= len(distinct) <= _MOST_CLASSES:
        shown = f" ({distinct[0]!r})" if len(distinct) == 1 else ""
        raise FitnessError(
            f"{table.name}: column {name!r} has {len(distinct)} class{shown or 'es'}, and 2 to "
            f"{_MOST_CLASSES} are wanted; choose another target"
        )
    return _one_hot(words, distinct.to_list()), True


def _features_of(table: Table, name: str) -> dict[str, Float64[np.ndarray, " rows"]]:
    column = table.column(name)
    if not _is_words(column):
        return {name: read_numbers(table, name)}
    words = column.cast(pl.String)
    distinct = words.unique().sort().to_list()
    if len(distinct) > _MOST_WORDS:
        raise FitnessError(
            f"{table.name}: column {name!r} holds text, {len(distinct)} different words such as "
            f"{distinct[0]!r}; at most {_MOST_WORDS} become inputs: leave it out with drop"
        )
    columns = _one_hot(words, distinct).T
    return {f"{name}={word}": each for word, each in zip(distinct, columns, strict=True)}


def _is_words(column: pl.Series) -> bool:
    """Whether it is text, and not a single cell of it a number: then text is no slip."""
    if column.dtype in (pl.Categorical, pl.Enum):
        return True
    return column.dtype == pl.String and bool(column.cast(pl.Float64, strict=False).is_null().all())


def _one_hot(words: pl.Series, distinct: list[str]) -> Float64[np.ndarray, "rows words"]:
    return np.column_stack([(words == word).to_numpy() for word in distinct]).astype(np.float64)


def _first(found: pl.Series) -> int | None:
    places = found.arg_true()
    return int(places[0]) if len(places) else None
