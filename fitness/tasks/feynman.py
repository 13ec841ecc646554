"""Targets of physics, out of the Feynman lectures (Udrescu & Tegmark 2020, arXiv:1905.11481)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float64
from numpy.typing import NDArray

from fitness.tasks.drawn import DrawnTask, Target
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


_Law = Callable[[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], Any]
_LAWS: tuple[_Law, ...] = (
    lambda a, b, c: np.sqrt(a**2 + b**2 - 2 * a * b * np.cos(c)),  # I.29.16: two waves added
    lambda a, b, c: a / np.sqrt(1 + (b / c) ** 2),  # I.10.7 with its sign turned: no pole
    lambda a, b, c: (a + b) / (1 + a * b / c**2),  # I.16.6: velocities added
    lambda a, b, c: a * np.exp(-(b**2) / (2 * c**2)),  # I.6.20: a normal curve
    lambda a, b, c: 1 / (1 / a + c / b),  # I.27.6: a lens
)


def _laws(rng: np.random.Generator) -> Target:
    """One law of physics in other units."""
    law, units = _LAWS[rng.integers(len(_LAWS))], rng.uniform(0.8, 1.25, 3)
    return lambda points: np.asarray(law(*columns(points * units)))


LAWS = DrawnTask(
    name="laws",
    family="Feynman",
    shift="larger",
    features=3,
    inside=cube(1.0, 3.0, 3),
    outside=cube(3.0, 5.0, 3),
    draw=_laws,
)
