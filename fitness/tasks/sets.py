"""Functions of a set of numbers, learned on small sets and asked about larger ones.

The elements are uniform on [-1, 1] inside and outside alike, so that nothing but the size shifts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from jaxtyping import Float64

from fitness.errors import unknown
from fitness.task import NO_SHIFT, Batch
from fitness.tasks.transform import AS_WRITTEN, Transform, draw_transform

Elements: TypeAlias = Float64[np.ndarray, "points elements"]
"""Numbers of each set; NaN fills a smaller set up."""

_SHIFT = "larger sets"


@dataclass(frozen=True)
class SetTask:
    """One function of a set of numbers in [-1, 1], whatever their order.

    Attributes:
        name: unique within a suite.
        family: the kind of structure.
        inside: sizes of training and validation sets, each as likely.
        outside: sizes of the shifted ones.
        formula: the target of sets, under a transform.
        transform: the round's; the default leaves the formula as it is written.
    """

    name: str
    family: str
    inside: tuple[int, ...]
    outside: tuple[int, ...]
    formula: Callable[[Elements, Transform], Float64[np.ndarray, " points"]]
    transform: Transform = AS_WRITTEN
    shifts: tuple[str, ...] = field(default=(NO_SHIFT, _SHIFT), init=False)
    classes: bool = field(default=False, init=False)

    def redrawn(self, rng: np.random.Generator) -> SetTask:
        """The same formula under a fresh transform."""
        return replace(self, transform=draw_transform(1, rng))

    def batch(self, shift: str, size: int, rng: np.random.Generator) -> Batch:
        """Sets of the shift's sizes, and the formula's value on them.

        Raises:
            FitnessError: the task has no such shift.
        """
        if shift not in self.shifts:
            raise unknown(f"shift of task {self.name}", shift, self.shifts)
        sizes = self.inside if shift == NO_SHIFT else self.outside
        elements = rng.uniform(-1.0, 1.0, (size, max(sizes)))
        missing = np.arange(max(sizes)) >= rng.choice(sizes, size)[:, np.newaxis]
        elements[missing] = np.nan
        targets = self.formula(elements, self.transform)
        return Batch(elements[:, :, np.newaxis], targets[:, np.newaxis])


def _norm(elements: Elements, transform: Transform) -> Float64[np.ndarray, " points"]:
    """The Euclidean norm; a round's exponent lies in [1.6, 2.5]."""
    exponent = 2 * transform.frequency
    powers = np.abs(elements + transform.offset) ** exponent
    return np.asarray(np.nansum(powers, axis=1) ** (1 / exponent))


def _range(elements: Elements, transform: Transform) -> Float64[np.ndarray, " points"]:
    """The largest minus the smallest, which a round weighs."""
    largest, smallest = np.nanmax(elements, axis=1), np.nanmin(elements, axis=1)
    return np.asarray(largest - transform.amplitude * smallest)


SETL2 = SetTask(
    name="setl2",
    family="size generalisation",
    inside=(2, 3, 4, 5),
    outside=(8, 10, 12),
    formula=_norm,
)
SETRANGE = SetTask(
    name="setrange",
    family="size generalisation",
    inside=(2, 3, 4, 5),
    outside=(8, 10, 12),
    formula=_range,
)
