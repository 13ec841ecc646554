"""By curiosity: parents whose children became elites (Cully & Demiris 2017, arXiv:1708.09251)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evolve.database.elite import Elite
from evolve.database.selection.draw import draw, ordered


def by_curiosity(
    elites: Sequence[Elite], count: int, rng: np.random.Generator
) -> tuple[Elite, ...]:
    """A curiosity of c weighs 1 + c."""
    listed = ordered(elites)
    return draw(listed, np.array([1.0 + elite.curiosity for elite in listed]), count, rng)
