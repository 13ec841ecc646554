"""The one way to draw elites by weight (Efraimidis & Spirakis 2006, "Weighted random sampling")."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from evolve.database.elite import Elite


def draw(
    elites: Sequence[Elite],
    weights: npt.NDArray[np.float64],
    count: int,
    rng: np.random.Generator,
) -> tuple[Elite, ...]:
    """At most `count` elites without repeats, each as likely as its weight, which is above 0."""
    # Clocks that ring at random, each at the rate of its weight: the first to ring are drawn.
    rings = rng.exponential(size=len(elites)) / weights
    return tuple(elites[index] for index in np.argsort(rings)[:count])


def ordered(elites: Sequence[Elite]) -> list[Elite]:
    """The elites by id, so that a draw does not depend on who arrived first."""
    return sorted(elites, key=attrgetter("individual.program.id"))
