"""The one way to draw elites by weight."""

from __future__ import annotations

from collections.abc import Sequence

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
    if not elites:
        return ()
    size = min(count, len(elites))
    chosen = rng.choice(len(elites), size=size, replace=False, p=weights / weights.sum())
    return tuple(elites[index] for index in chosen)


def ordered(elites: Sequence[Elite]) -> list[Elite]:
    """The elites by id, so that a draw does not depend on who arrived first."""
    return sorted(elites, key=lambda elite: elite.id)
