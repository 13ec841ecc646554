"""A damped oscillation, asked about after the training range ends."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.drawn import DrawnTask, Target
from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, columns, cube
from fitness.tasks.transform import Transform


def _decay(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    (time,) = columns(points)
    wave = np.cos(6 * transform.frequency * (time + transform.offset))
    return np.exp(-1.5 * transform.amplitude * time) * wave


DECAY1 = FormulaTask(
    name="decay1",
    family="damped oscillation",
    shift="later",
    features=1,
    inside=cube(0.0, 2.0, 1),
    outside=cube(2.0, 3.5, 1),
    formula=_decay,
)


def _decays(rng: np.random.Generator) -> Target:
    """An oscillation that dies away, from any phase."""
    rate, frequency = rng.uniform(1.0, 2.0), rng.uniform(4.0, 8.0)
    phase = rng.uniform(0.0, 2 * np.pi)
    return lambda points: np.exp(-rate * points[:, 0]) * np.cos(frequency * points[:, 0] + phase)


DECAYS = DrawnTask(
    name="decays",
    family="damped oscillation",
    shift="later",
    features=1,
    inside=cube(0.0, 2.0, 1),
    outside=cube(2.0, 3.5, 1),
    draw=_decays,
)
