"""A table as a fit takes it: numbers alone, rows to learn from and rows to measure on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from evolve.errors import ConfigError

if TYPE_CHECKING:
    from fitness.tables.table import Table

FEWEST_ROWS = 10
HELD_OUT = 5  # one row in so many measures, and is never learned from

Rows = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Extract:
    """Inputs and targets in the table's own units, and their names.

    Attributes:
        names: of the inputs.
        labels: of the outputs: the target's name, or the classes.
        inputs: [rows, inputs], to learn from.
        targets: [rows, outputs]; of classes one column each, 0 or 1.
        held_inputs: [held, inputs], to measure on.
        held_targets: [held, outputs].
        classes: whether the target holds classes.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    inputs: Rows
    targets: Rows
    held_inputs: Rows
    held_targets: Rows
    classes: bool

    @property
    def standardised(self) -> Extract:
        """The same, its inputs on the scale of the rows that are learned from."""
        mean, spread = self.inputs.mean(axis=0), self.inputs.std(axis=0)
        spread = np.where(spread > 0, spread, 1.0)
        inputs, held = ((each - mean) / spread for each in (self.inputs, self.held_inputs))
        return replace(self, inputs=inputs, held_inputs=held)

    def at_most(self, rows: int) -> Extract:
        """The same with no more rows than so many, a fifth of them held out."""
        held = rows // HELD_OUT
        kept = rows - held
        return replace(
            self,
            inputs=self.inputs[:kept], targets=self.targets[:kept],
            held_inputs=self.held_inputs[:held], held_targets=self.held_targets[:held],
        )  # fmt: skip


def read(place: str, target: str, drop: Collection[str], *, classes: bool, seed: int) -> Extract:
    """The extract of a CSV or Parquet file, or of a source such as "sklearn:wine": see `of`.

    Raises:
        ConfigError: there is no table, or as `of`.
    """
    from fitness.errors import FitnessError
    from fitness.tables.loading import table_at

    try:
        table = table_at(place)
    except FitnessError as error:
        raise ConfigError(str(error)) from None
    return of(table, target, drop, classes=classes, seed=seed)


def of(table: Table, target: str, drop: Collection[str], *, classes: bool, seed: int) -> Extract:
    """The extract of a table; which rows are held out is drawn by `seed`.

    Raises:
        ConfigError: the table has no such column, holds text or what is no number, has more inputs
            than rows, or a target that does not vary.
    """
    from fitness.errors import FitnessError, unknown
    from fitness.tables.numbers import read_numbers, read_targets

    path = table.name
    try:
        for name in (target, *drop):
            if name not in table.columns.columns:
                raise unknown(f"column of {path}", name, table.columns.columns)
        targets, found = read_targets(table, target, classes=classes or None)
        labels: tuple[str, ...] = (target,)
        if found:
            words = table.column(target).cast(str).unique().sort().to_list()
            labels = tuple(map(str, words))
        names = [name for name in table.columns.columns if name not in {target, *drop}]
        columns = [read_numbers(table, name) for name in names]
    except FitnessError as error:
        raise ConfigError(str(error)) from None
    if not names:
        raise ConfigError(f"{path}: no column is left beside {target!r}; a formula needs an input")
    inputs = np.column_stack(columns)
    _demand(path, target, inputs, targets, classes=found)
    order = np.random.default_rng(seed).permutation(len(inputs))
    held, kept = np.split(order, [len(order) // HELD_OUT])
    if not (np.ptp(targets[kept], axis=0) > 0).any():
        raise ConfigError(f"{path}: {target!r} does not vary on the rows that are learned from")
    return Extract(
        tuple(names), labels, inputs[kept], targets[kept], inputs[held], targets[held], found
    )


def _demand(path: str, target: str, inputs: Rows, targets: Rows, *, classes: bool) -> None:
    rows, count = inputs.shape
    if not classes and np.ptp(targets) == 0:
        raise ConfigError(
            f"{path}: {target!r} is {targets[0, 0]:g} in every row; a target that varies is wanted"
        )
    if rows < FEWEST_ROWS:
        raise ConfigError(f"{path}: has {rows} rows, and at least {FEWEST_ROWS} are wanted")
    if count > rows:
        raise ConfigError(
            f"{path}: has {count} inputs and {rows} rows; more rows than inputs are wanted: "
            "leave columns out with --drop"
        )
