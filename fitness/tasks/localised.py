"""A bump: curved at the centre of the training range, flat at its ends and beyond."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, cube, shell
from fitness.tasks.transform import Transform


def _bump(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    return np.exp(-4 * transform.frequency * (points[:, 0] + transform.offset) ** 2)


GAUSS1 = FormulaTask(
    name="gauss1",
    family="localised",
    shift="shell",
    features=1,
    inside=cube(-1.0, 1.0, 1),
    outside=shell(1.0, 2.0, 1),
    formula=_bump,
)
