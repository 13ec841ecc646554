"""By curiosity: parents whose children became elites (Cully & Demiris 2017, arXiv:1708.09251)."""

from __future__ import annotations

import numpy as np

from evolve.database.elite import Elites
from evolve.database.selection.draw import draw


def by_curiosity(elites: Elites, count: int, rng: np.random.Generator) -> list[int]:
    """A curiosity of c weighs 1 + c."""
    curious = [elites.curiosity[each.program.id] for each in elites.individuals]
    return draw(elites, 1.0 + np.array(curious, dtype=np.float64), count, rng)
