"""A soft step: steep within the training range, flat beyond."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.drawn import DrawnTask, Target
from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, cube, shell
from fitness.tasks.transform import Transform


def _step(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    return np.tanh(6 * transform.frequency * (points[:, 0] + transform.offset))


STEP1 = FormulaTask(
    name="step1",
    family="saturating",
    shift="shell",
    features=1,
    inside=cube(-1.0, 1.0, 1),
    outside=shell(1.0, 3.0, 1),
    formula=_step,
)


def _steps(rng: np.random.Generator) -> Target:
    """A steep step somewhere, on a gentle one in the middle."""
    steepness, place, height = rng.uniform(3.0, 9.0), rng.uniform(-0.4, 0.4), rng.uniform(-0.5, 0.5)

    def target(points: Points) -> Float64[np.ndarray, " points"]:
        x = points[:, 0]
        return np.asarray(np.tanh(steepness * (x - place)) + height * np.tanh(2 * x))

    return target


STEPS = DrawnTask(
    name="steps",
    family="saturating",
    shift="shell",
    features=1,
    inside=cube(-1.0, 1.0, 1),
    outside=shell(1.0, 3.0, 1),
    draw=_steps,
)
