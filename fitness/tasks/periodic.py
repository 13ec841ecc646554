"""Periodic targets, with and without a trend."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, columns, cube, shell
from fitness.tasks.transform import Transform


def _trend(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    (x,) = columns(points)
    wave = np.sin(4 * np.pi * transform.frequency * (x + transform.offset))
    return x + 0.4 * transform.amplitude * wave


def _harmonics(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    angles = np.pi * transform.frequency * (transform.turned(points) + transform.offset)
    return np.sin(angles[:, 0]) + transform.amplitude * np.cos(2 * angles[:, 1])


TREND1 = FormulaTask(
    name="trend1",
    family="periodic",
    shift="beyond",
    features=1,
    inside=cube(-1.0, 0.5, 1),
    outside=cube(0.5, 1.5, 1),
    formula=_trend,
)
HARM2 = FormulaTask(
    name="harm2",
    family="periodic",
    shift="shell",
    features=2,
    inside=cube(-1.0, 1.0, 2),
    outside=shell(1.0, 2.0, 2),
    formula=_harmonics,
)
