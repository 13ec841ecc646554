"""What a measured fitness is worth, given how few seeds it rests on.

The best of many equal candidates is the luckiest one. An estimate that is pulled toward the
population's mean, the harder the fewer its seeds, does not reward luck: m = (n x + k mu) / (n + k),
the posterior mean of a normal model whose prior is worth k seeds (Efron & Morris 1975).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from evolve.records import Evaluation, Individual

PRIOR_SEEDS = 4

Column: TypeAlias = npt.NDArray[np.float64]
Numbers = TypeVar("Numbers", float, Column)


def shrunken(individual: Individual, mean: float) -> float:
    """Fitness of `individual` pulled toward the population's `mean`."""
    return all_shrunken(individual.evaluation.fitness, float(individual.evaluation.seeds), mean)


def all_shrunken(fitness: Numbers, seeds: Numbers, mean: float) -> Numbers:
    """Each fitness, measured on so many seeds, pulled toward the population's `mean`."""
    return (seeds * fitness + PRIOR_SEEDS * mean) / (seeds + PRIOR_SEEDS)


def pooled(earlier: Evaluation, fresh: Evaluation) -> Evaluation:
    """Both measurements as one, weighed by their seeds; the interval is the fresh one's.

    What was seen on a cheap rung alone is not mixed with a full measurement.
    """
    if not earlier.complete:
        return fresh
    seeds = earlier.seeds + fresh.seeds
    share = fresh.seeds / seeds

    def mix(old: float, new: float) -> float:
        return (1 - share) * old + share * new

    return replace(
        fresh,
        fitness=mix(earlier.fitness, fresh.fitness),
        gains={key: mix(earlier.gains[key], gain) for key, gain in fresh.gains.items()},
        scores={key: mix(earlier.scores[key], score) for key, score in fresh.scores.items()},
        narrow=earlier.narrow or fresh.narrow,
        failed=mix(earlier.failed, fresh.failed),
        seeds=seeds,
    )
