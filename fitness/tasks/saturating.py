"""A soft step: steep within the training range, flat beyond."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

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
