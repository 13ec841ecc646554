"""Who may breed: pure functions of the elites and a random generator."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evolve.records import Individual


def by_rank(
    elites: Sequence[Individual], count: int, rng: np.random.Generator
) -> tuple[Individual, ...]:
    """Draws at most `count` elites without repeats; the r-th best weighs 1 / r."""
    if not elites:
        return ()
    # The id breaks ties, so that the order does not depend on who arrived first.
    ranked = sorted(elites, key=lambda elite: (-elite.evaluation.fitness, elite.program.id))
    weights = 1.0 / np.arange(1, len(ranked) + 1)
    chosen = rng.choice(
        len(ranked), size=min(count, len(ranked)), replace=False, p=weights / weights.sum()
    )
    return tuple(ranked[index] for index in chosen)
