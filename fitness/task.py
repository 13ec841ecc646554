"""What every task offers: the seam at which a suite is extended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float64

NO_SHIFT = "none"


@dataclass(frozen=True, eq=False)
class Batch:
    """Points of a task with the truth about them, in the task's own units."""

    inputs: Float64[np.ndarray, "points features"]
    targets: Float64[np.ndarray, " points"]


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

    def redrawn(self, rng: np.random.Generator) -> Task:
        """The task as one round meets it: the same structure, other constants."""
        ...

    def batch(self, shift: str, size: int, rng: np.random.Generator) -> Batch:
        """Fresh points from the distribution of that name."""
        ...
