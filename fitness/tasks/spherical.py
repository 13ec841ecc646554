"""A spherical harmonic of degree 3, learned on one cap and asked about on the other."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.drawn import DrawnTask, Target
from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, columns, sphere_cap
from fitness.tasks.transform import Transform, rotation


def _harmonic(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    x, y, z = columns(transform.turned(points))
    return 2.6 * (x**2 - y**2) * z


SPH32 = FormulaTask(
    name="sph32",
    family="spherical harmonic",
    shift="other cap",
    features=3,
    inside=sphere_cap(-0.2, above=True),
    outside=sphere_cap(-0.2, above=False),
    formula=_harmonic,
)


def _mixtures(rng: np.random.Generator) -> Target:
    """Four harmonics of degree 3, mixed and turned."""
    turn, weights = rotation(3, rng), rng.standard_normal(4)

    def target(points: Points) -> Float64[np.ndarray, " points"]:
        x, y, z = columns(points @ turn.T)
        harmonics = [2.6 * (x**2 - y**2) * z, 5.2 * x * y * z, 5 * z**3 - 3 * z, x * (5 * z**2 - 1)]
        return weights @ np.stack(harmonics)

    return target


MIXTURES = DrawnTask(
    name="mixtures",
    family="spherical harmonic",
    shift="other cap",
    features=3,
    inside=sphere_cap(-0.2, above=True),
    outside=sphere_cap(-0.2, above=False),
    draw=_mixtures,
)
