"""The shifts of a table: which rows lie out of distribution, or what happens to them.

    feature:age>60       rows whose age is above 60; also <
    feature:age<q0.2     rows whose age is below its 0.2 quantile
    group:hospital=3     rows of that group
    noise:0.5            Gaussian noise on each feature, in its standard deviations
    missing:age,income   these columns are not known

The first two part rows by what they are. Noise and missing columns befall any row: a third of the
rows, drawn anew for each seed, meets them, and is never trained on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl
from jaxtyping import Bool, Float64

from fitness.errors import FitnessError, unknown
from fitness.tables.numbers import Features, read_numbers
from fitness.tables.table import Table

_KINDS = ("feature", "group", "noise", "missing")
_HELD_OUT = 1 / 3
_COMPARISON = re.compile(r"(?P<column>.+)(?P<side>[<>])(?P<quantile>q?)(?P<value>[^<>]+)")


Rows: TypeAlias = Bool[np.ndarray, " rows"]
Points: TypeAlias = Float64[np.ndarray, "points features"]
Deviations: TypeAlias = Float64[np.ndarray, " features"]


def as_they_are(points: Points, _: Deviations, __: np.random.Generator) -> Points:
    """The points: they are shifted because of what they are."""
    return points


@dataclass(frozen=True, eq=False)
class Shift:
    """What sets a table's out-of-distribution side apart.

    Attributes:
        beyond: gives the rows of that side, for one seed, of how many rows there are.
        changed: gives what becomes of the points of that side, each feature having its standard
            deviation; NaN is a value that is missing.
    """

    beyond: Callable[[int, np.random.Generator], Rows]
    changed: Callable[[Points, Deviations, np.random.Generator], Points] = as_they_are


def read_shift(text: str, table: Table, features: Features) -> Shift:
    """The shift that a text of the grammar above means on this table.

    Raises:
        FitnessError: it is not of the grammar, or names a column that is not there.
    """
    kind, _, rest = text.partition(":")
    match kind:
        case "feature":
            return _feature(rest, table)
        case "group":
            return _group(rest, table)
        case "noise":
            return _noise(rest)
        case "missing":
            return _missing(rest, table, features)
    raise unknown("shift of a table", kind, _KINDS)


def _feature(rest: str, table: Table) -> Shift:
    parts = _COMPARISON.fullmatch(rest)
    value = _number(parts["value"]) if parts else None
    if parts is None or value is None:
        raise _malformed("feature", rest, "feature:age>60, or feature:age<q0.2 for a quantile")
    numbers = read_numbers(table, parts["column"].strip())
    if parts["quantile"]:
        if not 0 < value < 1:
            raise _malformed("feature", rest, "a quantile between 0 and 1, as in feature:age<q0.2")
        value = float(np.quantile(numbers, value))
    return _parting(numbers > value if parts["side"] == ">" else numbers < value)


def _group(rest: str, table: Table) -> Shift:
    name, equals, value = rest.rpartition("=")
    if not equals or not value.strip():
        raise _malformed("group", rest, "group:hospital=3")
    column = table.column(name.strip())
    words, wanted = column.cast(pl.String), value.strip()
    belongs = words == wanted
    if (number := _number(wanted)) is not None:
        belongs |= (words.cast(pl.Float64, strict=False) == number).fill_null(value=False)
    if not belongs.any():
        raise FitnessError(f"{table.name}: {unknown(name.strip(), wanted, words.unique().sort())}")
    return _parting(belongs.to_numpy())


def _noise(rest: str) -> Shift:
    amount = _number(rest)
    if amount is None or not 0 < amount <= 100:
        raise _malformed("noise", rest, "standard deviations above 0, at most 100: noise:0.5")

    def changed(points: Points, deviations: Deviations, rng: np.random.Generator) -> Points:
        return points + amount * deviations * rng.standard_normal(points.shape)

    return Shift(_third, changed)


def _missing(rest: str, table: Table, features: Features) -> Shift:
    names = [each.strip() for each in rest.split(",")]
    for name in names:
        if name not in features.columns:
            inputs = dict.fromkeys(features.columns)
            raise FitnessError(f"{table.name}: {unknown('input', name, inputs)}")
    unknowable = np.array([each in names for each in features.columns])
    return Shift(_third, lambda points, *_: np.where(unknowable, np.nan, points))


def _parting(rows: Rows) -> Shift:
    return Shift(lambda *_: rows)


def _third(rows: int, rng: np.random.Generator) -> Rows:
    chosen = np.zeros(rows, dtype=np.bool_)
    chosen[rng.permutation(rows)[: round(rows * _HELD_OUT)]] = True
    return chosen


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _malformed(kind: str, rest: str, wanted: str) -> FitnessError:
    return FitnessError(f"shift '{kind}:{rest}' is not understood; write {wanted}")
