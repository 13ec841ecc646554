"""Statistics of few seeds and few tasks, each with its source."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64, Int64
from scipy import stats


def interquartile_mean(
    values: Float64[np.ndarray, "*others samples"],
) -> Float64[np.ndarray, "*others"]:
    """The mean of the middle half, along the last axis (Agarwal et al. 2021, arXiv:2108.13264).

    Less noisy than the median, and deaf to one net that happened to diverge. With fewer than
    four samples nothing is cut.
    """
    return np.asarray(stats.trim_mean(values, 0.25, axis=-1), dtype=np.float64)


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
