"""By Boltzmann's distribution: how much better the best is matters, against a temperature."""

from __future__ import annotations

import numpy as np

from evolve.database.elite import Elites
from evolve.database.selection.draw import draw

TEMPERATURE = 0.05  # of fitness: 12 % less error makes a parent e times as likely


def by_boltzmann(elites: Elites, count: int, rng: np.random.Generator) -> list[int]:
    """A worth of w weighs exp(w / TEMPERATURE)."""
    # Measured from the best, so that nothing overflows; a floor, so that none weighs 0.
    exponents = (elites.worths - elites.worths.max(initial=-np.inf)) / TEMPERATURE
    return draw(elites, np.exp(np.maximum(exponents, -50.0)), count, rng)
