"""A table as it was read: columns as they stand in the file, numbers or text."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fitness.errors import FitnessError, unknown


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length.

    Attributes:
        name: the file or source, as messages call it.
        columns: by name; of a CSV file all are text still.
        target: the column that a public set declares as its target, if it does.
        classes: whether the set declares that column to hold classes.
    """

    name: str
    columns: pl.DataFrame
    target: str | None = None
    classes: bool = False

    def column(self, name: str) -> pl.Series:
        """The column of that name, none of whose cells is empty.

        Raises:
            FitnessError: there is no such column, or a cell of it is empty or NaN.
        """
        if name not in self.columns.columns:
            raise FitnessError(f"{self.name}: {unknown('column', name, self.columns.columns)}")
        column = self.columns[name]
        absent = column.is_null()
        if column.dtype.is_float():
            absent |= column.is_nan().fill_null(value=True)
        if (row := absent.arg_max()) is not None and absent[row]:
            count = f"{absent.sum()} of the column's {len(column)} cells"
            raise self.cell_error(name, row, f"is empty, as {count} are; fill them or drop rows")
        return column

    def cell_error(self, column: str, row: int, message: str) -> FitnessError:
        """The error for a cell; rows count from 1 below the header."""
        return FitnessError(f"{self.name}: column {column!r}, row {row + 1} {message}")
