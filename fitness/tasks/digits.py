"""Handwritten digits, asked about in fainter ink.

8 x 8 pixels, 1,797 images, bundled with scikit-learn (Alpaydin & Kaynak 1998, UCI optdigits).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from jaxtyping import Float64, Integer

from fitness.errors import unknown
from fitness.task import NO_SHIFT, Batch

_SHIFT = "fainter"
_HELD_OUT = 3  # one image in so many is made fainter, and never trained on
_CONTRAST = (0.2, 0.6)
_BRIGHTEST = 16.0


@dataclass(frozen=True, eq=False)
class DigitsTask:
    """Which digit an image shows; after the shift, an image has a fifth to three of its contrast.

    (Images moved or turned, or with noise on them, leave every net of this size worse than a
    constant: measured, so it is contrast that shifts.)

    Attributes:
        order: of the images: the first third is made fainter, the rest trained on and validated on;
            none is the order of the file.
    """

    order: Integer[np.ndarray, " images"] | None = None
    name: str = field(default="digits", init=False)
    family: str = field(default="images", init=False)
    shifts: tuple[str, ...] = field(default=(NO_SHIFT, _SHIFT), init=False)
    classes: bool = field(default=True, init=False)

    def redrawn(self, rng: np.random.Generator) -> DigitsTask:
        """The same images, parted anew."""
        return DigitsTask(rng.permutation(len(_images()[0])))

    def batch(self, shift: str, size: int, rng: np.random.Generator) -> Batch:
        """Images of one part, each at most once, and their digits.

        Raises:
            FitnessError: the task has no such shift.
        """
        if shift not in self.shifts:
            raise unknown(f"shift of task {self.name}", shift, self.shifts)
        images, digits = _images()
        order = np.arange(len(images)) if self.order is None else self.order
        faint, plain = np.split(order, [len(images) // _HELD_OUT])
        rows = rng.permutation(plain if shift == NO_SHIFT else faint)[:size]
        chosen = images[rows]
        if shift != NO_SHIFT:
            chosen = chosen * rng.uniform(*_CONTRAST, (len(rows), 1))
        return Batch(chosen, np.eye(10)[digits[rows]])


@cache
def _images() -> tuple[Float64[np.ndarray, "images pixels"], Integer[np.ndarray, " images"]]:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return bunch.data / _BRIGHTEST, bunch.target


DIGITS = DigitsTask()
