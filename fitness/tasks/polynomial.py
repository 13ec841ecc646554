"""Polynomial targets: x^2 as an activation holds their basis, which is why credit is capped."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.drawn import DrawnTask, Target
from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, columns, cube, shell
from fitness.tasks.transform import Transform


def _cubic(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    first, second = columns(transform.turned(points) + transform.offset)
    return first**3 - 2 * transform.amplitude * first * second + second**2


POLY3_2 = FormulaTask(
    name="poly3_2",
    family="polynomial",
    shift="shell",
    features=2,
    inside=cube(-1.0, 1.0, 2),
    outside=shell(1.0, 1.75, 2),
    formula=_cubic,
)


def _cubics(rng: np.random.Generator) -> Target:
    """All monomials of two variables up to degree 3, with normal coefficients."""
    powers = np.array([(i, j) for i in range(4) for j in range(4 - i) if i + j])
    weights = rng.standard_normal(len(powers))
    return lambda points: (points[:, np.newaxis] ** powers).prod(axis=2) @ weights


CUBICS = DrawnTask(
    name="cubics",
    family="polynomial",
    shift="shell",
    features=2,
    inside=cube(-1.0, 1.0, 2),
    outside=shell(1.0, 1.75, 2),
    draw=_cubics,
)
