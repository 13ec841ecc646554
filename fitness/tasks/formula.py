"""A task given by a formula, a region to train on and a region to be surprised by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from jaxtyping import Float64

from fitness.errors import unknown
from fitness.task import NO_SHIFT, Batch
from fitness.tasks.regions import Points, Region
from fitness.tasks.transform import AS_WRITTEN, Transform, draw_transform

Formula: TypeAlias = Callable[[Points, Transform], Float64[np.ndarray, " points"]]
"""The targets of points, under a transform."""


@dataclass(frozen=True)
class FormulaTask:
    """One target function with one shift.

    Attributes:
        name: unique within a suite.
        family: the kind of structure.
        shift: name of the out-of-distribution side.
        features: inputs of the target.
        inside: where training and validation points come from.
        outside: where the shifted points come from.
        formula: the target of points, under a transform.
        transform: the round's; the default leaves the formula as it is written.
    """

    name: str
    family: str
    shift: str
    features: int
    inside: Region
    outside: Region
    formula: Formula
    transform: Transform = AS_WRITTEN
    classes: bool = field(default=False, init=False)

    @property
    def shifts(self) -> tuple[str, ...]:
        """In-distribution first, then the one shift."""
        return (NO_SHIFT, self.shift)

    def redrawn(self, rng: np.random.Generator) -> FormulaTask:
        """The same formula under a fresh transform."""
        return replace(self, transform=draw_transform(self.features, rng))

    def batch(self, shift: str, size: int, rng: np.random.Generator) -> Batch:
        """Points of a region, and the formula's value on them.

        Raises:
            FitnessError: the task has no such shift.
        """
        if shift not in self.shifts:
            raise unknown(f"shift of task {self.name}", shift, self.shifts)
        points = (self.inside if shift == NO_SHIFT else self.outside)(size, rng)
        return Batch(points, self.formula(points, self.transform)[:, np.newaxis])
