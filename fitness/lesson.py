"""What a trainer may see: a task's points and training targets, and no hidden label.

Shapes: `seeds` independent draws of one task; `points` to train on; `queries` to answer
(validation points first, then the shifted ones, unmarked); `features` of an input;
`rates` of the recipe's learning-rate grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Float32, UInt64

Predictions: TypeAlias = Float32[np.ndarray, "seeds rates queries"]
"""A trained net's answers in the units of the lesson's targets; NaN where it has no number."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """One task, standardised, as a trainer sees it.

    Attributes:
        inputs: training inputs; each feature has mean 0 and variance 1 within a seed.
        targets: training targets, standardised likewise.
        queries: inputs to answer, on the scale of `inputs`.
        noise_seeds: what the initial weights of each seed are drawn from.
    """

    inputs: Float32[np.ndarray, "seeds points features"]
    targets: Float32[np.ndarray, "seeds points"]
    queries: Float32[np.ndarray, "seeds queries features"]
    noise_seeds: UInt64[np.ndarray, " seeds"]

    def seeds_between(self, start: int, stop: int) -> Lesson:
        """The same lesson for the seeds start, ..., stop - 1."""
        part = slice(start, stop)
        return Lesson(
            self.inputs[part], self.targets[part], self.queries[part], self.noise_seeds[part]
        )
