"""What a trainer may see: a task's points and training targets, and no hidden label.

Shapes: `seeds` independent draws of one task; `points` to train on; `queries` to answer
(validation points first, then the shifted ones, unmarked); `elements` of a set, 1 where an input
is no set; `features` of an element; `outputs` of a net; `rates` of the learning-rate grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Float32, UInt64

Predictions: TypeAlias = Float32[np.ndarray, "seeds rates _queries _outputs"]
"""A trained net's answers on the scale of the lesson's targets; NaN where it has no number.

Queries and outputs are the lesson's own: several lessons' predictions differ in both."""


Form: TypeAlias = tuple[tuple[int, ...] | bool, ...]
"""The sizes of a lesson, and whether it is about classes."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """One task, standardised, as a trainer sees it.

    Attributes:
        inputs: training inputs; each feature has mean 0 and variance 1 within a seed. A set that
            is smaller than the largest is filled up with elements of NaN.
        targets: training targets, standardised likewise; or classes, one column each, 0 or 1.
        queries: inputs to answer, on the scale of `inputs`.
        noise_seeds: what the initial weights of each seed are drawn from.
        classes: whether the targets are classes; then the answers are probabilities.
    """

    inputs: Float32[np.ndarray, "seeds points elements features"]
    targets: Float32[np.ndarray, "seeds points outputs"]
    queries: Float32[np.ndarray, "seeds queries others features"]
    noise_seeds: UInt64[np.ndarray, " seeds"]
    classes: bool = False

    @property
    def form(self) -> Form:
        """What two lessons have in common that can be joined: all but seeds and numbers."""
        shapes = (self.inputs.shape, self.targets.shape, self.queries.shape)
        return (*(shape[1:] for shape in shapes), self.classes)

    def seeds_between(self, start: int, stop: int) -> Lesson:
        """The same lesson for the seeds start, ..., stop - 1."""
        part = slice(start, stop)
        return Lesson(
            self.inputs[part],
            self.targets[part],
            self.queries[part],
            self.noise_seeds[part],
            self.classes,
        )


def joined(lessons: Sequence[Lesson]) -> Lesson:
    """Lessons of one form as one, with the seeds of all in order; one alone is not copied."""
    if len(lessons) == 1:
        return lessons[0]
    return Lesson(
        np.concatenate([each.inputs for each in lessons]),
        np.concatenate([each.targets for each in lessons]),
        np.concatenate([each.queries for each in lessons]),
        np.concatenate([each.noise_seeds for each in lessons]),
        lessons[0].classes,
    )
