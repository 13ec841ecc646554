"""Piecewise linear targets."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.drawn import DrawnTask, Target
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


def _hinges(rng: np.random.Generator) -> Target:
    """Four creases: the sum of c_j |w_j x + b_j| with unit vectors w_j."""
    normals = rng.standard_normal((3, 4))
    normals /= np.linalg.norm(normals, axis=0)
    offsets, heights = rng.uniform(-0.5, 0.5, 4), rng.uniform(0.5, 1.5, 4) * rng.choice([-1, 1], 4)
    return lambda points: np.abs(points @ normals + offsets) @ heights


HINGES = DrawnTask(
    name="hinges",
    family="piecewise linear",
    shift="shell",
    features=3,
    inside=cube(-1.0, 1.0, 3),
    outside=shell(1.0, 3.0, 3),
    draw=_hinges,
)
