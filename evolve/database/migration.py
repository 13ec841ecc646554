"""Ring migration between islands."""

from __future__ import annotations

from collections.abc import Sequence

from evolve.database.archive import Archive
from evolve.records import Individual


def migrate(islands: Sequence[Archive]) -> None:
    """Offers the best elite of every island to the next one round the ring."""
    best = [max(island, key=_fitness, default=None) for island in islands]
    for emigrant, away in zip(best, [*islands[1:], islands[0]], strict=True):
        if emigrant is not None:
            away.add(emigrant)


def _fitness(individual: Individual) -> float:
    return individual.evaluation.fitness
