"""Who may breed: pure functions of the elites and a random generator, one file each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from evolve.database.elite import Elites
from evolve.database.selection.boltzmann import by_boltzmann
from evolve.database.selection.curiosity import by_curiosity
from evolve.database.selection.novelty import by_novelty
from evolve.database.selection.pareto import by_pareto_tournament
from evolve.database.selection.rank import by_rank

Strategy = Callable[[Elites, int, np.random.Generator], Sequence[int]]
"""Draws at most so many elites without repeats: their places."""

STRATEGIES: Mapping[str, Strategy] = MappingProxyType(
    {
        "rank": by_rank,
        "boltzmann": by_boltzmann,
        "pareto": by_pareto_tournament,
        "curiosity": by_curiosity,
        "novelty": by_novelty,
    }
)
"""By the name that `database.selection` gives."""

__all__ = ["STRATEGIES", "Strategy"]
