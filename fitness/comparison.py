"""A candidate beside GELU and the identity, seed by seed: what a judgement is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Float64, Int64

from fitness import scores, statistics
from fitness.losses import Losses, TaskLosses

DRAWS = 1000
Sides: TypeAlias = tuple[Float64[np.ndarray, "draws tasks"], Float64[np.ndarray, "draws tasks"]]
"""Gains in distribution and after the shift."""


@dataclass(frozen=True, eq=False)
class Tuned:
    """One activation on one task, at the learning rate chosen for it.

    Attributes:
        rate: index into the recipe's grid.
        inside: clipped log10 errors in distribution.
        outside: the same after the shift.
    """

    rate: int
    inside: Float64[np.ndarray, " seeds"]
    outside: Float64[np.ndarray, " seeds"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Gains against the reference, by task and seed.

    Attributes:
        families: each task's.
        inside: gains in distribution, unclipped.
        outside: gains after the shift, unclipped.
        shut: tasks on which the candidate is worse than the linear control in distribution.
        ood_weight: share of the gains after the shift in the fitness.
    """

    families: tuple[str, ...]
    inside: Float64[np.ndarray, "tasks seeds"]
    outside: Float64[np.ndarray, "tasks seeds"]
    shut: Bool[np.ndarray, " tasks"]
    ood_weight: float


def tune(losses: TaskLosses) -> Tuned:
    """The errors at the rate that in-distribution validation chooses."""
    inside, outside = scores.log_error(losses.inside), scores.log_error(losses.outside)
    rate = scores.chosen_rate(inside)
    return Tuned(rate, inside[:, rate], outside[:, rate])


def compare(candidate: Losses, reference: Losses, linear: Losses) -> Comparison:
    """The candidate's gains; all three were measured alike, each tuned for itself."""
    own, other, line = (
        [tune(task) for task in each.tasks] for each in (candidate, reference, linear)
    )
    return Comparison(
        families=tuple(task.family for task in candidate.tasks),
        inside=np.stack([b.inside - a.inside for a, b in zip(own, other, strict=True)]),
        outside=np.stack([b.outside - a.outside for a, b in zip(own, other, strict=True)]),
        shut=np.array([_typical(a) > _typical(b) for a, b in zip(own, line, strict=True)]),
        ood_weight=candidate.ood_weight,
    )


def resampled(comparison: Comparison, rng: np.random.Generator) -> Sides:
    """Clipped gains of seeds that are drawn anew within each task.

    Seeds are resampled as pairs (candidate, reference); learning rates are held.
    """
    tasks, seeds = comparison.inside.shape
    picks = statistics.seed_resamples(rng, DRAWS, tasks, seeds)
    rows = np.arange(tasks)[:, np.newaxis]
    inside, outside = (each[rows, picks] for each in (comparison.inside, comparison.outside))
    return scores.clipped_gain(inside), scores.clipped_gain(outside)


def interval(
    comparison: Comparison, sides: Sides, copies: Int64[np.ndarray, "draws tasks"] | None = None
) -> tuple[float, float]:
    """95 % interval of the fitness by bootstrap; the gate is held.

    Args:
        comparison: whose fitness.
        sides: gains of resampled seeds.
        copies: how often each draw takes each task; each once, if none.
    """
    inside, outside = sides
    credited = scores.gated(outside, comparison.shut)
    weight = comparison.ood_weight
    draws = scores.fitness(inside, credited, comparison.families, copies, weight)
    return statistics.percentile_interval(draws)


def gain_intervals(gains: Float64[np.ndarray, "draws tasks"]) -> list[tuple[float, float]]:
    """95 % interval of the gain on each task, over seeds."""
    return [statistics.percentile_interval(draws) for draws in gains.T]


def is_narrow(contributions: Sequence[float], few: int = 2) -> bool:
    """Whether the fitness is above 0, and is so only by the few best tasks."""
    without_best = sorted(contributions)[: max(0, len(contributions) - few)]
    return sum(contributions) > 0 >= sum(without_best)


def _typical(tuned: Tuned) -> float:
    return float(statistics.interquartile_mean(tuned.inside))
