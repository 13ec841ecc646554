"""A table as a task."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float64

from fitness.errors import unknown
from fitness.tables.numbers import Features
from fitness.tables.shifts import Shift
from fitness.task import NO_SHIFT, Batch


@dataclass(frozen=True, eq=False)
class TableTask:
    """Rows of a table: some to learn from, others that a shift sets apart.

    Attributes:
        name: unique within a suite.
        family: the kind of structure.
        shift: name of the out-of-distribution side.
        classes: whether targets are classes.
        features: the inputs.
        targets: one row each.
        parting: what sets rows apart.
        beyond: the rows that are set apart, for this seed. None of them is ever trained on.
    """

    name: str
    family: str
    shift: str
    classes: bool
    features: Features
    targets: Float64[np.ndarray, "rows outputs"]
    parting: Shift
    beyond: Bool[np.ndarray, " rows"]

    @property
    def shifts(self) -> tuple[str, ...]:
        """In-distribution first, then the one shift."""
        return (NO_SHIFT, self.shift)

    def redrawn(self, rng: np.random.Generator) -> TableTask:
        """The same table, its rows parted anew where the shift lets chance part them."""
        return replace(self, beyond=self.parting.beyond(len(self.targets), rng))

    def batch(self, shift: str, size: int, rng: np.random.Generator) -> Batch:
        """Rows of that side in random order, each at most once.

        Raises:
            FitnessError: the task has no such shift.
        """
        if shift not in self.shifts:
            raise unknown(f"shift of task {self.name}", shift, self.shifts)
        inside = shift == NO_SHIFT
        side = np.flatnonzero(~self.beyond if inside else self.beyond)
        rows = rng.permutation(side)[:size]
        points = self.features.values[rows]
        if not inside:
            deviations = self.features.values[~self.beyond].std(axis=0)
            points = self.parting.changed(points, deviations, rng)
        return Batch(points, self.targets[rows])
