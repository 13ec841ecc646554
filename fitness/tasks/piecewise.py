"""Piecewise linear targets."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, columns, cube, shell
from fitness.tasks.transform import Transform


def _absmax(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    first, second, third = columns(transform.turned(points) + transform.offset)
    return np.maximum(first, second) - transform.amplitude * np.abs(third)


ABSMAX3 = FormulaTask(
    name="absmax3",
    family="piecewise linear",
    shift="shell",
    features=3,
    inside=cube(-1.0, 1.0, 3),
    outside=shell(1.0, 3.0, 3),
    formula=_absmax,
)
