"""The four-dimensional targets F2, F3 and F4 of EQL (Martius & Lampert 2016, arXiv:1610.02995)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.formula import Formula, FormulaTask
from fitness.tasks.regions import Points, columns, cube, shell
from fitness.tasks.transform import Transform


def _f2(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    a, b, c, d = columns(transform.turned(points) + transform.offset)
    wave = np.sin(np.pi * transform.frequency * a)
    other = b * np.cos(2 * np.pi * transform.frequency * a + np.pi / 4)
    return (wave + transform.amplitude * other + c - d**2) / 3


def _f3(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    a, b, c, d = columns(transform.turned(points) + transform.offset)
    wave = np.sin(np.pi * transform.frequency * a)
    return ((1 + b) * wave + transform.amplitude * b * c * d) / 3


def _f4(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    a, b, c, d = columns(transform.turned(points) + transform.offset)
    wave = np.sin(np.pi * transform.frequency * a)
    return (wave + np.cos(2 * b * wave) + transform.amplitude * b * c * d) / 2


def _task(name: str, formula: Formula) -> FormulaTask:
    return FormulaTask(
        name=name,
        family="equations",
        shift="shell",
        features=4,
        inside=cube(-1.0, 1.0, 4),
        outside=shell(1.0, 2.0, 4),
        formula=formula,
    )


EQL2 = _task("eql2", _f2)
EQL3 = _task("eql3", _f3)
EQL4 = _task("eql4", _f4)
