"""The one way to draw elites by weight (Efraimidis & Spirakis 2006, "Weighted random sampling")."""

from __future__ import annotations

import numpy as np

from evolve.database.elite import Elites
from evolve.database.shrinkage import Column

_ODD = np.uint64(1)
_EXTRA = np.uint64(11)  # of 64 bits, beyond those that a float has


def draw(elites: Elites, weights: Column, count: int, rng: np.random.Generator) -> list[int]:
    """At most `count` places without repeats, each as likely as its weight, which is above 0.

    Where another elite has joined and the others weigh what they did, the same `rng` draws the same
    ones, unless the newcomer is drawn.

    Args:
        elites: who is drawn from; their marks decide with `rng` who comes first.
        weights: [elites].
        count: places wanted.
        rng: two words of its raw output are used.
    """
    # Clocks that ring at random, each at the rate of its weight: the first to ring are drawn. Who
    # an elite is decides when it rings, not its place ("permanent random numbers", Ohlsson 1995);
    # a draw is a random line through these numbers (Dietzfelbinger et al. 1997, multiply-shift).
    slope, shift = rng.bit_generator.random_raw(2)
    uniform = ((elites.marks * (slope | _ODD) + shift) >> _EXTRA) * 2.0**-53
    drawn: list[int] = (-np.log1p(-uniform) / weights).argsort()[:count].tolist()
    return drawn
