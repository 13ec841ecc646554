"""Periodic targets, with and without a trend."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.drawn import DrawnTask, Target
from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, columns, cube, shell
from fitness.tasks.transform import Transform, rotation


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


def _waves(rng: np.random.Generator) -> Target:
    """A trend up or down, and one wave on it, of 1 to 2.5 periods a unit."""
    slope, height = rng.choice([-1.0, 1.0]), rng.uniform(0.2, 0.6)
    frequency, phase = rng.uniform(2.0, 5.0) * np.pi, rng.uniform(0.0, 2 * np.pi)
    return lambda points: slope * points[:, 0] + height * np.sin(frequency * points[:, 0] + phase)


def _crossings(rng: np.random.Generator) -> Target:
    """Two waves that cross at a right angle, turned as they come."""
    turn, height = rotation(2, rng), rng.uniform(0.5, 1.5)
    frequencies, phases = rng.uniform(1.0, 2.5, 2) * np.pi, rng.uniform(0.0, 2 * np.pi, 2)

    def target(points: Points) -> Float64[np.ndarray, " points"]:
        first, second = columns(frequencies * (points @ turn.T) + phases)
        return np.sin(first) + height * np.sin(second)

    return target


WAVES = DrawnTask(
    name="waves",
    family="periodic",
    shift="beyond",
    features=1,
    inside=cube(-1.0, 0.5, 1),
    outside=cube(0.5, 1.5, 1),
    draw=_waves,
)
CROSSINGS = DrawnTask(
    name="crossings",
    family="periodic",
    shift="shell",
    features=2,
    inside=cube(-1.0, 1.0, 2),
    outside=shell(1.0, 2.0, 2),
    draw=_crossings,
)
