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


def _product_of_sums(points: Points, transform: Transform) -> Float64[np.ndarray, " points"]:
    """Two subsets of a quarter each, half of which they share, summed and multiplied.

    Trask et al. 2018 (arXiv:1808.00508), with the sizes of Madsen & Johansen 2020
    (arXiv:2001.05016).
    """
    features = points.shape[1]
    # Which inputs a round adds up is random: the order of one row of its random rotation.
    turn = transform.rotation
    order = np.arange(features) if turn is None else np.argsort(turn[0])
    quarter, eighth = features // 4, features // 8
    first, second = order[:quarter], order[quarter - eighth : 2 * quarter - eighth]
    return np.asarray(points[:, first].sum(axis=1) * points[:, second].sum(axis=1))


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
MUL100 = FormulaTask(
    name="mul100",
    family="arithmetic",
    shift="larger",
    features=100,
    inside=cube(1.0, 2.0, 100),
    outside=cube(2.0, 6.0, 100),
    formula=_product_of_sums,
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
