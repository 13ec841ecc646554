"""How sure a comparison is: bootstrap intervals and rank tests of independent samples.

Mann and Whitney 1947; the percentile bootstrap (Efron 1979); Holm 1979. SciPy does all but Holm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Row: TypeAlias = npt.NDArray[np.float64]

RESAMPLES = 4000


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval; no interval (nan) where there is one observation or none."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0 or self.high < 0

    def unsigned(self, digits: int) -> str:
        """The same in words, of a figure that is no difference."""
        value, low, high = (f"{each:.{digits}f}" for each in (self.value, self.low, self.high))
        return value if np.isnan(self.low) else f"{value} [{low}, {high}]"

    def __str__(self) -> str:
        if np.isnan(self.low):
            return f"{self.value:+.3f}"
        return f"{self.value:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


@dataclass(frozen=True)
class Contrast:
    """Two samples against each other.

    Attributes:
        difference: of their means, the first less the second.
        superiority: chance that a member of the first exceeds one of the second, ties half.
        p: two-sided, of the Mann-Whitney test; nan where a sample has fewer than two.
    """

    difference: Estimate
    superiority: Estimate
    p: float


def mean(values: Sequence[float] | Row) -> Estimate:
    """The mean of a sample."""
    sample = np.asarray(values, dtype=float)
    if len(sample) < 2:
        value = float(sample.mean()) if len(sample) else float("nan")
        return Estimate(value, float("nan"), float("nan"))
    low, high = band(sample[:, None])
    return Estimate(float(sample.mean()), float(low[0]), float(high[0]))


def band(curves: Row) -> tuple[Row, Row]:
    """The 95 % band of the mean of curves: [repeats, points] -> two of [points]."""
    from scipy import stats

    found = stats.bootstrap(
        (curves,), np.mean, axis=0, vectorized=True, n_resamples=RESAMPLES, method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval  # fmt: skip
    return np.asarray(found.low), np.asarray(found.high)


def contrast(first: Sequence[float], second: Sequence[float]) -> Contrast:
    """How the first sample stands against the second."""
    from scipy import stats

    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if min(len(a), len(b)) < 2:
        unknown = float("nan")
        difference = float(a.mean() - b.mean()) if len(a) and len(b) else unknown
        share = float(_superiority(a, b)) if len(a) and len(b) else unknown
        none = (unknown, unknown)
        return Contrast(Estimate(difference, *none), Estimate(share, *none), unknown)

    def interval(statistic: object) -> tuple[float, float]:
        found = stats.bootstrap(
            (a, b), statistic, vectorized=False, paired=False, n_resamples=RESAMPLES // 4,
            method="percentile", rng=np.random.default_rng(0),
        ).confidence_interval  # fmt: skip
        return float(found.low), float(found.high)

    p = 1.0 if len({*a, *b}) == 1 else float(stats.mannwhitneyu(a, b).pvalue)
    return Contrast(
        Estimate(float(a.mean() - b.mean()), *interval(lambda u, v: u.mean() - v.mean())),
        Estimate(float(_superiority(a, b)), *interval(_superiority)),
        p,
    )


def holm(ps: Sequence[float]) -> list[float]:
    """P values corrected for how many tests were made; nan stays nan."""
    order = [index for index in np.argsort(ps) if not np.isnan(ps[index])]
    corrected, largest = [float("nan")] * len(ps), 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * ps[index]))
        corrected[index] = largest
    return corrected


def _superiority(a: Row, b: Row) -> float:
    above = np.sign(a[:, None] - b[None, :])
    return float(((above + 1) / 2).mean())
