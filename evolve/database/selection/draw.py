"""The one way to draw elites by weight (Efraimidis & Spirakis 2006, "Weighted random sampling")."""

from __future__ import annotations

import numpy as np

from evolve.database.shrinkage import Column


def draw(weights: Column, count: int, rng: np.random.Generator) -> list[int]:
    """At most `count` places without repeats, each as likely as its weight, which is above 0."""
    # Clocks that ring at random, each at the rate of its weight: the first to ring are drawn.
    rings = rng.exponential(size=len(weights)) / weights
    drawn: list[int] = np.argsort(rings)[:count].tolist()
    return drawn
