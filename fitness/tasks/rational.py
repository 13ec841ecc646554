"""A wave over a polynomial (the EQL-div target of Sahoo, Lampert & Martius 2018)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.drawn import DrawnTask, Target
from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, columns, cube, shell
from fitness.tasks.transform import Transform, rotation


def _damped_by_square(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    first, second = columns(transform.turned(points) + transform.offset)
    wave = np.sin(np.pi * transform.frequency * first)
    return wave / (transform.amplitude * second**2 + 1)


EQLDIV2 = FormulaTask(
    name="eqldiv2",
    family="rational",
    shift="shell",
    features=2,
    inside=cube(-1.0, 1.0, 2),
    outside=shell(1.0, 2.0, 2),
    formula=_damped_by_square,
)


def _ratios(rng: np.random.Generator) -> Target:
    """A wave along one direction over a square along the other."""
    turn, steepness, offset = rotation(2, rng), rng.uniform(0.5, 2.0), rng.uniform(-0.3, 0.3)
    frequency, phase = rng.uniform(0.7, 1.5) * np.pi, rng.uniform(0.0, 2 * np.pi)

    def target(points: Points) -> Float64[np.ndarray, " points"]:
        first, second = columns(points @ turn.T)
        return np.sin(frequency * first + phase) / (steepness * (second + offset) ** 2 + 1)

    return target


RATIOS = DrawnTask(
    name="ratios",
    family="rational",
    shift="shell",
    features=2,
    inside=cube(-1.0, 1.0, 2),
    outside=shell(1.0, 2.0, 2),
    draw=_ratios,
)
