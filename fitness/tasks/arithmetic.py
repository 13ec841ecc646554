"""Products and quotients, trained on small numbers and asked about larger ones."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from fitness.tasks.drawn import DrawnTask, Target
from fitness.tasks.formula import FormulaTask
from fitness.tasks.regions import Points, columns, cube
from fitness.tasks.transform import Transform


def _product(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    first, second = columns(points + transform.offset)
    return first * second


def _quotient(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    first, second = columns(points + transform.offset)
    return first / second


MUL2 = FormulaTask(
    name="mul2",
    family="arithmetic",
    shift="larger",
    features=2,
    inside=cube(1.0, 2.0, 2),
    outside=cube(2.0, 6.0, 2),
    formula=_product,
)
DIV2 = FormulaTask(
    name="div2",
    family="arithmetic",
    shift="larger",
    features=2,
    inside=cube(1.0, 2.0, 2),
    outside=cube(2.0, 4.0, 2),
    formula=_quotient,
)


def _powers(rng: np.random.Generator) -> Target:
    """x1^a x2^b, each moved a little, for small whole a and b."""
    powers = np.array([(1, 1), (2, 1), (1, 2), (-1, 1), (1, -1)])[rng.integers(5)]
    offsets = rng.uniform(-0.3, 0.3, 2)
    return lambda points: ((points + offsets) ** powers.astype(np.float64)).prod(axis=1)


POWERS = DrawnTask(
    name="powers",
    family="arithmetic",
    shift="larger",
    features=2,
    inside=cube(1.0, 2.0, 2),
    outside=cube(2.0, 5.0, 2),
    draw=_powers,
)
