"""Statistics of few seeds and few tasks, each with its source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64, Int64


def interquartile_mean(
    values: Float64[np.ndarray, "*others samples"],
) -> Float64[np.ndarray, "*others"]:
    """The mean of the middle half, along the last axis (Agarwal et al. 2021, arXiv:2108.13264).

    Less noisy than the median, and deaf to one net that happened to diverge. With fewer than
    four samples nothing is cut. One that is not a number makes the mean none either.
    """
    # scipy.stats.trim_mean bit by bit, which takes a second to import wherever programs are scored.
    samples = values.shape[-1]
    cut = samples // 4
    middle = np.partition(values, (cut, samples - cut - 1), axis=-1)[..., cut : samples - cut]
    lost = np.isnan(values).any(axis=-1)
    return np.where(lost, np.nan, middle.mean(axis=-1))


def seed_resamples(
    rng: np.random.Generator, draws: int, tasks: int, seeds: int
) -> Int64[np.ndarray, "draws tasks seeds"]:
    """Which seeds each draw takes, with replacement, within each task (Efron 1979)."""
    return rng.integers(seeds, size=(draws, tasks, seeds), dtype=np.int64)


def task_resamples(
    rng: np.random.Generator, draws: int, tasks: int
) -> Int64[np.ndarray, "draws tasks"]:
    """How often each draw takes each task, with replacement (Efron 1979)."""
    return rng.multinomial(tasks, np.full(tasks, 1.0 / tasks), size=draws)


def percentile_interval(
    draws: Float64[np.ndarray, " draws"], confidence: float = 0.95
) -> tuple[float, float]:
    """The middle share of bootstrap draws (Efron & Tibshirani 1993, chapter 13)."""
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(draws, [tail, 1.0 - tail])
    return float(low), float(high)


def signed_rank(differences: Float64[np.ndarray, " tasks"]) -> float:
    """The two-sided p that differences lie about 0: the signed-rank test (Wilcoxon 1945).

    Differences of exactly 0 are dropped, as Wilcoxon did; where none are left, p is 1. With few
    tasks p cannot be small, however clear the case: see `smallest_signed_rank`.
    """
    from scipy import stats

    left = differences[differences != 0.0]
    if not len(left):
        return 1.0
    return float(stats.wilcoxon(left).pvalue)


def smallest_signed_rank(tasks: int) -> float:
    """The smallest p that so many tasks can show: all signs alike, by chance 2 in 2^tasks."""
    return min(1.0, 2.0 ** (1 - tasks))


def holm(chances: Sequence[float]) -> list[float]:
    """The p of several comparisons, corrected for their number, in the same order (Holm 1979).

    The smallest is multiplied by how many there are, the next by one less, and so on; none falls
    below a smaller one's.
    """
    corrected, floor = [0.0] * len(chances), 0.0
    for rank, place in enumerate(sorted(range(len(chances)), key=lambda each: chances[each])):
        floor = max(floor, min(1.0, chances[place] * (len(chances) - rank)))
        corrected[place] = floor
    return corrected


def probability_of_improvement(
    ours: Float64[np.ndarray, "tasks seeds"], theirs: Float64[np.ndarray, "tasks others"]
) -> float:
    """P(X > Y): that one of our seeds beats one of theirs, by task (Agarwal et al. 2021).

    Of a task it is the U of Mann & Whitney (1947) over the number of pairs; ties count half. The
    mean over tasks is given: 0.5 where neither is better (arXiv:2108.13264, section 4.3).
    """
    pairs = ours[:, :, np.newaxis] - theirs[:, np.newaxis, :]
    return float((np.sign(pairs) + 1.0).mean() / 2.0)


def rank_correlation(
    first: Float64[np.ndarray, " samples"], second: Float64[np.ndarray, " samples"]
) -> float:
    """Of two measurements of the same things, the correlation of ranks (Spearman 1904).

    0 where either is the same throughout: then it orders nothing.
    """
    from scipy import stats

    if np.ptp(first) == 0.0 or np.ptp(second) == 0.0:
        return 0.0
    return float(stats.spearmanr(first, second).statistic)
