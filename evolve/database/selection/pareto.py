"""By Pareto tournament: good in distribution, good out of it, and cheap.

Horn, Nafpliotis & Goldberg 1994, "A niched Pareto genetic algorithm".
"""

from __future__ import annotations

import numpy as np

from evolve.database.elite import Elites
from evolve.database.front import dominates, objectives

_ROUND = 4  # elites that compete for one place


def by_pareto_tournament(elites: Elites, count: int, rng: np.random.Generator) -> list[int]:
    """For each place a few elites are drawn, and one of those that no other of them dominates."""
    left, chosen = list(range(len(elites))), list[int]()
    while left and len(chosen) < count:
        drawn = rng.choice(len(left), size=min(_ROUND, len(left)), replace=False)
        points = {int(index): objectives(elites.individuals[left[index]]) for index in drawn}
        front = [
            index
            for index, point in points.items()
            if not any(dominates(other, point) for other in points.values())
        ]
        chosen.append(left.pop(front[int(rng.integers(len(front)))]))
    return chosen
