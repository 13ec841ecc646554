"""Where an activation stands beside the others that were measured with it, and why.

Each figure is computed at the learning rate that in-distribution validation chose, which is held
while seeds are resampled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float64

from fitness import scores, statistics
from fitness.chance import stream
from fitness.comparison import compare, tune
from fitness.errors import FitnessError
from fitness.losses import Losses

_DRAWS = 1000
_HALVINGS, _FEW = 35, 4  # eight seeds have 35 halvings; of more, so many are drawn
_SIDES = ("inside", "outside")


@dataclass(frozen=True)
class Figure:
    """A score with its 95 % interval."""

    value: float
    low: float
    high: float


def family_scores(losses: Losses) -> dict[str, tuple[Figure, Figure]]:
    """By family, the score in distribution and after the shift: the mean over its tasks.

    The intervals are from a bootstrap over seeds within each task: for these very tasks.
    """
    rng = stream("family interval", losses.suite, losses.split, losses.round_number)
    families = [task.family for task in losses.tasks]
    tuned = [tune(task) for task in losses.tasks]
    inside, outside = (np.stack([getattr(t, side) for t in tuned]) for side in _SIDES)
    found = {}
    for family in dict.fromkeys(families):
        rows = [place for place, name in enumerate(families) if name == family]
        found[family] = (_figure(inside[rows], rng), _figure(outside[rows], rng))
    return found


def task_gains(losses: Losses, reference: Losses, linear: Losses) -> Float64[np.ndarray, " tasks"]:
    """By task, the gain of both sides as the fitness weighs them: clipped, and gated."""
    pairs = compare(losses, reference, linear)
    inside = scores.clipped_gain(pairs.inside)
    outside = scores.gated(scores.clipped_gain(pairs.outside), pairs.shut)
    return _weighed(inside, outside, pairs.ood_weight)


def chance_of_no_difference(losses: Losses, reference: Losses, linear: Losses) -> float:
    """The p of Wilcoxon's signed-rank test over the gains of tasks, not yet corrected."""
    return statistics.signed_rank(task_gains(losses, reference, linear))


def improvement(losses: Losses, reference: Losses) -> float:
    """The probability that one of its seeds has less error than one of the reference's."""
    ours, theirs = (_seed_errors(each) for each in (losses, reference))
    return statistics.probability_of_improvement(-ours, -theirs)


def split_half(measured: Mapping[str, Losses], reference: str, linear: Losses) -> float:
    """Spearman correlation of the fitness of activations between two halves of the seeds.

    The mean over ways to halve them. Each half chooses its learning rates and shuts its gates for
    itself, as a measurement with half the seeds would. The reference, whose fitness is 0 by
    definition, is left out.

    Raises:
        FitnessError: there are too few seeds or activations.
    """
    names = [name for name in measured if name != reference]
    if linear.recipe.seeds < 2 or len(names) < 3:
        raise FitnessError("split halves want at least two seeds and three activations")
    found = []
    for one, other in _halvings(linear.recipe.seeds):
        first, second = (
            np.array([
                _fitness(measured[name], measured[reference], linear, seeds) for name in names
            ])
            for seeds in (one, other)
        )  # fmt: skip
        found.append(statistics.rank_correlation(first, second))
    return float(np.mean(found))


def _figure(logs: Float64[np.ndarray, "tasks seeds"], rng: np.random.Generator) -> Figure:
    tasks, seeds = logs.shape
    picks = statistics.seed_resamples(rng, _DRAWS, tasks, seeds)
    rows = np.arange(tasks)[:, np.newaxis]
    draws = _typical_score(logs[rows, picks])
    return Figure(float(_typical_score(logs)), *statistics.percentile_interval(draws))


def _typical_score(
    logs: Float64[np.ndarray, "*draws tasks seeds"],
) -> Float64[np.ndarray, "*draws"]:
    formula = scores.FORMULA
    spread = formula.highest_log - formula.lowest_log
    typical = (formula.highest_log - statistics.interquartile_mean(logs)) / spread
    return np.asarray(np.maximum(0.0, typical).mean(axis=-1))


def _weighed(
    inside: Float64[np.ndarray, "*shape"], outside: Float64[np.ndarray, "*shape"], weight: float
) -> Float64[np.ndarray, "*shape"]:
    return np.asarray(weight * outside + (1.0 - weight) * inside)


def _seed_errors(losses: Losses) -> Float64[np.ndarray, "tasks seeds"]:
    tuned = [tune(task) for task in losses.tasks]
    return np.stack([_weighed(each.inside, each.outside, losses.ood_weight) for each in tuned])


def _fitness(losses: Losses, reference: Losses, linear: Losses, seeds: Sequence[int]) -> float:
    pairs = compare(*(each.of_seeds(seeds) for each in (losses, reference, linear)))
    inside = scores.clipped_gain(pairs.inside)
    outside = scores.gated(scores.clipped_gain(pairs.outside), pairs.shut)
    return float(scores.fitness(inside, outside, pairs.families, weight=pairs.ood_weight))


def _halvings(seeds: int) -> list[tuple[list[int], list[int]]]:
    """Every way to part an even number of seeds into halves; of many seeds, some ways by lot."""
    every = list(range(seeds - seeds % 2))
    half = len(every) // 2
    if half <= _FEW:
        ones = [[0, *rest] for rest in combinations(every[1:], half - 1)]
    else:
        rng = stream("halves", seeds)
        ones = [rng.permutation(every)[:half].tolist() for _ in range(_HALVINGS)]
    return [(one, [each for each in every if each not in one]) for one in ones]
