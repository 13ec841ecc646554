"""From losses to fitness, in steps that can each be tested alone.

Shapes: `seeds` and `rates` of one task; `tasks` of a split; `families` of its tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Integer

from fitness.statistics import interquartile_mean
from fitness.task import OOD_WEIGHT


@dataclass(frozen=True)
class Formula:
    """The declared formula's constants.

    Attributes:
        ood_weight: share of the out-of-distribution gains, unless a suite says otherwise; the
            in-distribution ones have the rest.
        lowest_gain: what a catastrophe costs, per task and shift.
        highest_gain: what a triumph earns, per task and shift: breadth pays, a specialist does not.
        lowest_log: the log10 error below which nets count as equally good.
        highest_log: the log10 error above which they count as equally bad: a constant predictor's.
            Ranks among answers that are worse than none are noise.
        failed_log: what a net gets whose answers are no numbers.
    """

    ood_weight: float = OOD_WEIGHT
    lowest_gain: float = -1.0
    highest_gain: float = 0.5
    lowest_log: float = -4.0
    highest_log: float = 0.0
    failed_log: float = 1.0


FORMULA = Formula()

FORMULA_TEXT = """\
NMSE     = mean squared error / variance of the ID and OOD targets pooled
log NMSE = log10 NMSE, clipped to [-4, 0], where 0 is a constant predictor's;
           a failed net has 1
rate     = the one of the recipe's grid with the least mean log NMSE over seeds, ID only
gain     = log NMSE of GELU - log NMSE of the candidate, seed by seed;
           interquartile mean over seeds, clipped to [-1, 0.5]
gate     = a positive OOD gain counts as 0 where the ID log NMSE is above the identity's
fitness  = 0.5 x mean over families of OOD gains + 0.5 x mean over families of ID gains
           (a suite may say how much the shifted side weighs: ood_weight)
score    = -log NMSE / 4, at least 0, for people

0 is GELU; 0.1 is 21 % less error than GELU in the typical family."""


def log_error(
    errors: Float64[np.ndarray, "seeds rates"], formula: Formula = FORMULA
) -> Float64[np.ndarray, "seeds rates"]:
    """log10 of the errors, clipped; an infinite error, a failed net's, gets the worst."""
    smallest, largest = 10.0**formula.lowest_log, 10.0**formula.highest_log
    logs = np.log10(np.clip(errors, smallest, largest))
    return np.where(np.isinf(errors), formula.failed_log, logs)


def chosen_rate(inside: Float64[np.ndarray, "seeds rates"]) -> int:
    """Index of the learning rate that is best in distribution; the lowest of equals."""
    return int(inside.mean(axis=0).argmin())


def clipped_gain(
    seed_gains: Float64[np.ndarray, "*others seeds"], formula: Formula = FORMULA
) -> Float64[np.ndarray, "*others"]:
    """The gain on a task and shift out of the gains of its seeds."""
    gains = interquartile_mean(seed_gains)
    return np.asarray(np.clip(gains, formula.lowest_gain, formula.highest_gain))


def gated(
    outside: Float64[np.ndarray, "*others tasks"], shut: Bool[np.ndarray, " tasks"]
) -> Float64[np.ndarray, "*others tasks"]:
    """Out-of-distribution gains without credit where the gate is shut; blame stays."""
    return np.where(shut, np.minimum(outside, 0.0), outside)


def family_mean(
    gains: Float64[np.ndarray, "*others tasks"],
    families: Sequence[str],
    copies: Integer[np.ndarray, "*others tasks"] | None = None,
) -> Float64[np.ndarray, "*others"]:
    """The mean over families of the mean over each one's tasks.

    Args:
        gains: one a task.
        families: each task's family.
        copies: how often each task counts; a family without a copy is left out.
    """
    counts = np.ones_like(gains) if copies is None else copies.astype(np.float64)
    names = list(dict.fromkeys(families))
    belongs = np.array([[each == name for name in names] for each in families], dtype=np.float64)
    sums, sizes = (gains * counts) @ belongs, counts @ belongs
    means = np.divide(sums, sizes, out=np.zeros_like(sums), where=sizes > 0)
    return np.asarray(means.sum(axis=-1) / (sizes > 0).sum(axis=-1), dtype=np.float64)


def fitness(
    inside: Float64[np.ndarray, "*others tasks"],
    outside: Float64[np.ndarray, "*others tasks"],
    families: Sequence[str],
    copies: Integer[np.ndarray, "*others tasks"] | None = None,
    weight: float = FORMULA.ood_weight,
) -> Float64[np.ndarray, "*others"]:
    """The number that selection reads, out of clipped and gated gains.

    The weight is the share of the gains after the shift.
    """
    return np.asarray(
        weight * family_mean(outside, families, copies)
        + (1.0 - weight) * family_mean(inside, families, copies),
        dtype=np.float64,
    )


def contributions(
    inside: Float64[np.ndarray, " tasks"],
    outside: Float64[np.ndarray, " tasks"],
    families: Sequence[str],
    weight: float = FORMULA.ood_weight,
) -> Float64[np.ndarray, " tasks"]:
    """What each task adds to the fitness; their sum is the fitness."""
    shares = np.array([1.0 / families.count(each) for each in families]) / len(set(families))
    return np.asarray((weight * outside + (1.0 - weight) * inside) * shares, dtype=np.float64)


def score(log_errors: Float64[np.ndarray, " seeds"], formula: Formula = FORMULA) -> float:
    """A number in [0, 1] for people: 1 is as good as can be told, 0 as bad."""
    spread = formula.highest_log - formula.lowest_log
    return max(0.0, float((formula.highest_log - interquartile_mean(log_errors)) / spread))
