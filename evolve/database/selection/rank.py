"""By rank: how much better the best is does not matter, only that it is."""

from __future__ import annotations

import numpy as np

from evolve.database.elite import Elites
from evolve.database.selection.draw import draw


def by_rank(elites: Elites, count: int, rng: np.random.Generator) -> list[int]:
    """The r-th best weighs 1 / r."""
    ranked = np.argsort(-elites.worths, kind="stable")
    weights = np.empty(len(ranked))
    weights[ranked] = 1.0 / np.arange(1, len(ranked) + 1)
    return draw(elites, weights, count, rng)
