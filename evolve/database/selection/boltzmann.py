"""By Boltzmann's distribution: how much better the best is matters, against a temperature."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evolve.database.elite import Elite
from evolve.database.selection.draw import draw, ordered

TEMPERATURE = 0.05  # of fitness: 12 % less error makes a parent e times as likely


def by_boltzmann(
    elites: Sequence[Elite], count: int, rng: np.random.Generator
) -> tuple[Elite, ...]:
    """A worth of w weighs exp(w / TEMPERATURE)."""
    listed = ordered(elites)
    worths = np.array([elite.worth for elite in listed])
    # Measured from the best, so that nothing overflows; a floor, so that none weighs 0.
    exponents = (worths - worths.max(initial=-np.inf)) / TEMPERATURE
    return draw(listed, np.exp(np.maximum(exponents, -50.0)), count, rng)
