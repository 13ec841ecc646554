"""By novelty: functions unlike all other elites."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evolve.database.elite import Elite
from evolve.database.novelty import novelty
from evolve.database.selection.draw import draw, ordered

_FLOOR = 1e-6  # a function like its neighbours is drawn all the same, if rarely


def by_novelty(elites: Sequence[Elite], count: int, rng: np.random.Generator) -> tuple[Elite, ...]:
    """The mean distance to the nearest behaviours is the weight."""
    listed = ordered(elites)
    behaviours = [elite.individual.admission.behaviour for elite in listed]
    return draw(listed, novelty(behaviours) + _FLOOR, count, rng)
