"""A family as a generator: every seed of a round meets another target of its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from jaxtyping import Float64

from fitness.task import NO_SHIFT, Batch
from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, Region
from fitness.tasks.transform import Transform

Target: TypeAlias = Callable[[Points], Float64[np.ndarray, " points"]]


@dataclass(frozen=True)
class DrawnTask:
    """Targets drawn from a family; what they share is their features and their regions.

    Attributes:
        name: unique within a suite.
        family: the kind of structure.
        shift: name of the out-of-distribution side.
        features: inputs of every target.
        inside: where training and validation points come from.
        outside: where the shifted points come from.
        draw: gives a target, coefficients and all.
    """

    name: str
    family: str
    shift: str
    features: int
    inside: Region
    outside: Region
    draw: Callable[[np.random.Generator], Target]
    classes: bool = field(default=False, init=False)

    @property
    def shifts(self) -> tuple[str, ...]:
        """In-distribution first, then the one shift."""
        return (NO_SHIFT, self.shift)

    def redrawn(self, rng: np.random.Generator) -> FormulaTask:
        """One target of the family."""
        target = self.draw(rng)

        def formula(points: Points, _: Transform) -> Float64[np.ndarray, " points"]:
            return target(points)

        return FormulaTask(
            self.name, self.family, self.shift, self.features, self.inside, self.outside, formula
        )

    def batch(self, shift: str, size: int, rng: np.random.Generator) -> Batch:
        """Points of a region, and the value of the family's first target on them.

        Raises:
            FitnessError: the task has no such shift.
        """
        return self.redrawn(np.random.default_rng(0)).batch(shift, size, rng)
