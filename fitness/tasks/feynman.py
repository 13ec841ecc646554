"""Targets of physics, out of the Feynman lectures (Udrescu & Tegmark 2020, arXiv:1905.11481)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, columns, cube
from fitness.tasks.transform import Transform


def _interference(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    """I.29.16: two waves added."""
    first, second, angle = columns(points)
    second = transform.amplitude * second
    cosine = np.cos(transform.frequency * angle + transform.offset)
    return np.sqrt(first**2 + second**2 - 2 * first * second * cosine)


def _diffraction(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    """I.50.26: a wave and its overtone."""
    weight, angle = columns(points)
    cosine = np.cos(transform.frequency * angle + transform.offset)
    return np.asarray(cosine + transform.amplitude * weight * cosine**2)


FEYN29 = FormulaTask(
    name="feyn29",
    family="Feynman",
    shift="larger",
    features=3,
    inside=cube(1.0, 3.0, 3),
    outside=cube(3.0, 5.0, 3),
    formula=_interference,
)
FEYN50 = FormulaTask(
    name="feyn50",
    family="Feynman",
    shift="larger",
    features=2,
    inside=cube(1.0, 3.0, 2),
    outside=cube(3.0, 5.0, 2),
    formula=_diffraction,
)
