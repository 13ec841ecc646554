"""What moves between islands: the best migrate round the ring; the weakest island begins anew."""

from __future__ import annotations

from collections.abc import Sequence

from evolve.database.archive import Archive


def migrate(islands: Sequence[Archive], mean: float) -> None:
    """Offers the best elite of every island to the next one round the ring."""
    best = [island.best(mean) for island in islands]
    for emigrant, away in zip(best, [*islands[1:], islands[0]], strict=True):
        if emigrant is not None:
            away.add(emigrant.individual, mean)


def reset(islands: Sequence[Archive], mean: float) -> None:
    """Empties the island whose best is the weakest, and settles it with the best of the others.

    So islands do not starve in a corner (Romera-Paredes et al. 2024, FunSearch). One island alone,
    or an empty one, is left as it is.
    """
    standing = [(island.best(mean), island) for island in islands]
    ranked = sorted(
        ((best.worth, best.id, number) for number, (best, _) in enumerate(standing) if best),
    )
    if len(ranked) < 2:
        return
    weakest, strongest = islands[ranked[0][2]], islands[ranked[-1][2]]
    settler = strongest.best(mean)
    weakest.clear()
    if settler is not None:
        weakest.add(settler.individual, mean)
