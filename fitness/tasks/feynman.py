"""Targets of physics: I.29.16 of the Feynman lectures, two waves added (Udrescu & Tegmark 2020)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, columns, cube
from fitness.tasks.transform import Transform


def _interference(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    first, second, angle = columns(points)
    second = transform.amplitude * second
    cosine = np.cos(transform.frequency * angle + transform.offset)
    return np.sqrt(first**2 + second**2 - 2 * first * second * cosine)


FEYN29 = FormulaTask(
    name="feyn29",
    family="Feynman",
    shift="larger",
    features=3,
    inside=cube(1.0, 3.0, 3),
    outside=cube(3.0, 5.0, 3),
    formula=_interference,
)
