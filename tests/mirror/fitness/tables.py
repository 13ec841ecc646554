"""Tables and suites written to files, for tests of what is read from files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from fitness.tables.loading import TableDeclaration, load_table
from fitness.tables.task import TableTask

HEADER = ("age", "dose", "hospital", "sex", "y")
OWN = """
from dataclasses import dataclass

import numpy as np

from fitness.task import Batch


@dataclass(frozen=True)
class Ridge:
    name: str = "ridge"
    family: str = "ridges"
    shifts: tuple[str, ...] = ("none", "farther")
    classes: bool = False
    width: float = 1.0

    def redrawn(self, rng):
        return Ridge(width=rng.uniform(0.8, 1.25))

    def batch(self, shift, size, rng):
        reach = 1.0 if shift == "none" else 2.0
        points = rng.uniform(-reach, reach, (size, 2))
        return Batch(points, np.abs(points.sum(axis=1, keepdims=True)) * self.width)


RIDGE = Ridge()
"""
SUITE = """
[[task]]
split = "search"
name = "absmax3"

[[task]]
split = "search"
kind = "table"
path = "patients.csv"
target = "y"
shift = "feature:age>60"

[[task]]
split = "valid"
use = "own_ridges:RIDGE"
"""
Change = Callable[[int, list[str]], list[str]]


def patients(rows: int = 200, change: Change = lambda _, cells: cells) -> str:
    """A CSV of patients; `change` gives a row's cells other values."""
    rng = np.random.default_rng(11)
    lines = [",".join(HEADER)]
    for row in range(rows):
        age, dose, outcome = rng.uniform(20, 90), rng.standard_normal(), rng.standard_normal()
        cells = [f"{age:.3f}", f"{dose:.4f}", str(row % 4), "mf"[row % 2], f"{outcome:.9f}"]
        lines.append(",".join(change(row, cells)))
    return "\n".join(lines) + "\n"


def cell(row: int, column: str, value: str) -> Change:
    """Changes one cell; rows count from 1."""

    def change(number: int, cells: list[str]) -> list[str]:
        if number == row - 1:
            cells[HEADER.index(column)] = value
        return cells

    return change


def every(column: str, value: Callable[[int], str]) -> Change:
    """Changes a whole column."""

    def change(number: int, cells: list[str]) -> list[str]:
        cells[HEADER.index(column)] = value(number)
        return cells

    return change


def written(folder: Path, text: str | bytes, name: str = "t.csv") -> Path:
    """The file with that in it."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def load(
    place: Path | str,
    shift: str = "feature:age>60",
    target: str | None = "y",
    *,
    classes: bool | None = None,
    drop: tuple[str, ...] = (),
) -> TableTask:
    """The task of a table."""
    return load_table(TableDeclaration(place, shift, "t", "tables", target, classes, drop))
