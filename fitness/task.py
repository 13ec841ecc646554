"""What every task offers: the seam at which a suite is extended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from jaxtyping import Float64

NO_SHIFT = "none"

OOD_WEIGHT = 0.5
"""Share of the shifted sides in the fitness, unless a suite says otherwise."""

Inputs: TypeAlias = Float64[np.ndarray, "_ ..."]
"""[points, features], where NaN is a value that is missing, for which the mean of what is trained
on stands in; or [points, elements, features] of sets, where NaN fills a smaller set up."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Points of a task with the truth about them, in the task's own units.

    Attributes:
        inputs: points, or sets of elements.
        targets: one column an output; of classes, one column a class, 1 where it is the point's.
    """

    inputs: Inputs
    targets: Float64[np.ndarray, "points outputs"]


@runtime_checkable
class Task(Protocol):
    """Data, and its named changes of distribution."""

    @property
    def name(self) -> str:
        """Unique within a suite."""
        ...

    @property
    def family(self) -> str:
        """The kind of structure; families are weighed equally, tasks are not."""
        ...

    @property
    def shifts(self) -> tuple[str, ...]:
        """Names of the distributions; the first is "none", the one trained on."""
        ...

    @property
    def classes(self) -> bool:
        """Whether targets are classes, not numbers."""
        ...

    def redrawn(self, rng: np.random.Generator) -> Task:
        """The task as one seed of a round meets it: the same structure, other constants."""
        ...

    def batch(self, shift: str, size: int, rng: np.random.Generator) -> Batch:
        """Fresh points from the distribution of that name; fewer, where there are no more."""
        ...
