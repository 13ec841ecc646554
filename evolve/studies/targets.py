"""Functions of three vectors in R^3; some stay the same when the first two trade places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, cube, shell


def _squares(w: Points) -> Any:
    return np.square(w).sum(axis=1)


def _target(name: str, of: Callable[[Points, Points, Points], Any]) -> FormulaTask:
    """On [-1, 1]^9; what lies beyond is asked for and not used."""
    return FormulaTask(
        name, "symmetry", "wider", 9, cube(-1.0, 1.0, 9), shell(1.0, 1.5, 9),
        lambda points, _: np.asarray(of(points[:, :3], points[:, 3:6], points[:, 6:])),
    )  # fmt: skip


SINES = _target(
    "sum sin(2 u v) + |w|^2", lambda u, v, w: np.sin(2 * u * v).sum(axis=1) + _squares(w)
)
DISTANCE = _target("|u - v| (1 + w1)", lambda u, v, w: np.sqrt(_squares(u - v)) * (1 + w[:, 0]))
ANGLE = _target(
    "cos(2 u.v) + w2 log(1 + |u + v|^2)",
    lambda u, v, w: np.cos(2 * (u * v).sum(axis=1)) + w[:, 1] * np.log1p(_squares(u + v)),
)
CROSSED = _target(
    "(u x v)_1 + |w|^2, antisymmetric",
    lambda u, v, w: u[:, 1] * v[:, 2] - u[:, 2] * v[:, 1] + _squares(w),
)
UNEQUAL = _target(
    "exp(u1) sin(2 v2) + tanh(3 w3 + u2), no symmetry",
    lambda u, v, w: np.exp(u[:, 0]) * np.sin(2 * v[:, 1]) + np.tanh(3 * w[:, 2] + u[:, 1]),
)

EXCHANGEABLE = (SINES, DISTANCE, ANGLE)
CONTROLS = (CROSSED, UNEQUAL)
