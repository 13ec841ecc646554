"""From a declared table to a task that can be believed, or to one line that says what is amiss."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float64

from fitness.errors import FitnessError, unknown
from fitness.tables.files import read_file
from fitness.tables.numbers import Features, read_features, read_targets
from fitness.tables.shifts import read_shift
from fitness.tables.sources import is_source, read_source
from fitness.tables.table import Table
from fitness.tables.task import TableTask

_FEWEST_INSIDE = 40
_FEWEST_OUTSIDE = 20


@dataclass(frozen=True)
class TableDeclaration:
    """What is said about a table.

    Attributes:
        place: a file, or a source such as "sklearn:wine".
        shift: in the grammar of `shifts`.
        name: the task's.
        family: the task's.
        target: the column to predict; none is the one that a source declares.
        classes: whether it holds classes; none: what its source declares, else words are classes,
            and numbers are not.
        drop: columns that are no inputs.
    """

    place: Path | str
    shift: str
    name: str
    family: str
    target: str | None = None
    classes: bool | None = None
    drop: tuple[str, ...] = ()


def read_table(place: Path | str) -> Table:
    """The table in a file, or of a source such as "sklearn:wine".

    Raises:
        FitnessError: it cannot be had.
    """
    return read_file(place) if isinstance(place, Path) else read_source(place)


def table_at(place: str) -> Table:
    """The table of a source or in a file, whichever people mean by that.

    Raises:
        FitnessError: it cannot be had.
    """
    return read_table(place if is_source(place) else Path(place))


def load_table(declared: TableDeclaration) -> TableTask:
    """The task that a table's place holds: see `task_of`."""
    return task_of(read_table(declared.place), declared)


def task_of(table: Table, declared: TableDeclaration) -> TableTask:
    """The task.

    A feature that is constant on the in-distribution side is dropped: nothing can be learned
    about it. So a column that defines the shift stays an input only where it varies there.

    Raises:
        FitnessError: the table, its target or its shift will not do; the message says why.
    """
    target = _target(table, declared.target)
    for name in declared.drop:
        if name not in table.columns.columns:
            raise FitnessError(f"{table.name}: {unknown('column', name, table.columns.columns)}")
    said = True if target == table.target and table.classes else None
    said = said if declared.classes is None else declared.classes
    targets, classes = read_targets(table, target, classes=said)
    features = read_features(table, {target, *declared.drop})
    known = Table(table.name, table.columns.drop(target))  # a shift is no business of the target
    # Where chance parts the rows, it parts as many of them each time; any seed shows how many.
    any_seed = np.random.default_rng(0)
    beyond = read_shift(declared.shift, known, features).beyond(len(targets), any_seed)
    _demand_sides(table, declared.shift, beyond)
    _demand_targets(table, target, targets[~beyond], classes=classes)
    features = _varying(table, features, ~beyond)
    parting = read_shift(declared.shift, known, features)
    return TableTask(
        declared.name, declared.family, declared.shift, classes, features, targets, parting, beyond
    )


def _target(table: Table, name: str | None) -> str:
    target = name or table.target
    if target is None:
        raise FitnessError(f"{table.name} declares no single target; say which column: target = ..")
    if target not in table.columns.columns:
        raise FitnessError(
            f"{table.name}: {unknown('target column', target, table.columns.columns)}"
        )
    return target


def _demand_sides(table: Table, shift: str, beyond: Bool[np.ndarray, " rows"]) -> None:
    outside = int(beyond.sum())
    for side, rows, fewest in (
        ("out-of-distribution", outside, _FEWEST_OUTSIDE),
        ("in-distribution", len(beyond) - outside, _FEWEST_INSIDE),
    ):
        if rows < fewest:
            raise FitnessError(
                f"{table.name}: shift {shift!r} leaves {rows} of {len(beyond)} rows on the {side} "
                f"side, and at least {fewest} are wanted; move its limit, or give more rows"
            )


def _demand_targets(
    table: Table, target: str, values: Float64[np.ndarray, "rows outputs"], *, classes: bool
) -> None:
    if np.ptp(values, axis=0).max() == 0:
        only = "one class" if classes else f"one value, {values[0, 0]:g},"
        raise FitnessError(
            f"{table.name}: column {target!r} has {only} alone on the in-distribution side; "
            "choose another target or another shift"
        )


def _varying(table: Table, features: Features, inside: Bool[np.ndarray, " rows"]) -> Features:
    varying = features.only(np.ptp(features.values[inside], axis=0) > 0)
    count, rows = len(varying.names), int(inside.sum())
    if not count:
        raise FitnessError(f"{table.name}: every input is constant on the in-distribution side")
    if count > rows:
        raise FitnessError(
            f"{table.name} has {count} features and {rows} in-distribution rows; "
            "more rows than features are wanted: leave columns out with drop"
        )
    return varying
