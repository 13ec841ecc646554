"""By rank: how much better the best is does not matter, only that it is."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np

from evolve.database.elite import Elite
from evolve.database.selection.draw import draw, ordered


def by_rank(elites: Sequence[Elite], count: int, rng: np.random.Generator) -> tuple[Elite, ...]:
    """The r-th best weighs 1 / r."""
    ranked = sorted(ordered(elites), key=attrgetter("worth"), reverse=True)
    return draw(ranked, 1.0 / np.arange(1, len(ranked) + 1), count, rng)
