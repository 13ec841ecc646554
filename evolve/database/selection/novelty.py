"""By novelty: functions unlike all other elites."""

from __future__ import annotations

import numpy as np

from evolve.database.elite import Elites
from evolve.database.novelty import novelty
from evolve.database.selection.draw import draw

_FLOOR = 1e-6  # a function like its neighbours is drawn all the same, if rarely


def by_novelty(elites: Elites, count: int, rng: np.random.Generator) -> list[int]:
    """The mean distance to the nearest behaviours is the weight."""
    behaviours = [each.admission.behaviour for each in elites.individuals]
    return draw(elites, novelty(behaviours) + _FLOOR, count, rng)
