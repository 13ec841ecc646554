"""Arms against one another: at equal evaluations, seconds and dollars, and on tasks unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.report.statistics import Contrast, Estimate, band, contrast, holm, mean
from evolve.report.tracks import Track

Row: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Anytime:
    """The mean best so far of an arm, with the 95 % band of that mean over its repeats.

    Attributes:
        used: evaluations, seconds or dollars: [points].
        low, high: the band; equal to the mean where there is one repeat.
    """

    used: Row
    mean: Row
    low: Row
    high: Row


@dataclass(frozen=True)
class Duel:
    """Two arms by their favourites on valid; p is corrected for all duels (Holm)."""

    first: str
    second: str
    contrast: Contrast
    p: float


@dataclass(frozen=True)
class Comparison:
    """What a comparison has come to.

    Attributes:
        tracks: by arm, one a repeat; arms in the order in which they were asked for.
        stopped: arm -> why it did not finish.
    """

    name: str
    tracks: Mapping[str, Sequence[Track]]
    stopped: Mapping[str, str]

    @cached_property
    def every(self) -> list[Track]:
        """All tracks."""
        return [track for tracks in self.tracks.values() for track in tracks]

    @cached_property
    def evaluations(self) -> int:
        """So many all runs have in common."""
        return min((each.evaluations for each in self.every), default=0)

    @cached_property
    def seconds(self) -> float:
        """So long all runs were at work."""
        return min((float(each.seconds[-1]) for each in self.every if each.evaluations), default=0)

    @cached_property
    def dollars(self) -> float | None:
        """So much every run spent that spent anything; None where no run did."""
        spent = [float(each.dollars[-1]) for each in self.every if each.evaluations]
        return min((each for each in spent if each > 0), default=None)

    def at(self, arm: str, measure: Callable[[Track], float]) -> Estimate:
        """The mean of a figure over an arm's repeats."""
        return mean([measure(each) for each in self.tracks[arm]])

    @cached_property
    def favourites(self) -> Mapping[str, Estimate]:
        """Arm -> fitness of its favourites on the valid split, the best arm first."""
        found = {arm: self.at(arm, lambda each: each.fitness) for arm in self.tracks}
        return dict(sorted(found.items(), key=lambda pair: -pair[1].value))

    @cached_property
    def duels(self) -> Sequence[Duel]:
        """Every two arms, the better one first."""
        fitness = {arm: [each.fitness for each in self.tracks[arm]] for arm in self.favourites}
        pairs = list(combinations(self.favourites, 2))
        contrasts = [contrast(fitness[first], fitness[second]) for first, second in pairs]
        corrected = holm([each.p for each in contrasts])
        found = zip(pairs, contrasts, corrected, strict=True)
        return [Duel(*pair, contrast, p) for pair, contrast, p in found]

    def anytime(self, arm: str, used: Row, at: Callable[[Track, float], float]) -> Anytime:
        """An arm's best so far wherever `used` says."""
        curves = np.array([[at(each, point) for point in used] for each in self.tracks[arm]])
        low, high = band(curves) if len(curves) > 1 else (curves[0], curves[0])
        return Anytime(used, curves.mean(axis=0), low, high)


def by_evaluations(comparison: Comparison, arm: str) -> Anytime:
    """The track of an arm over evaluations."""
    used = np.arange(1, comparison.evaluations + 1, dtype=float)
    return comparison.anytime(arm, used, lambda each, count: each.at_evaluations(int(count)))


def by_seconds(comparison: Comparison, arm: str) -> Anytime:
    """The track of an arm over time."""
    used = np.linspace(0.0, comparison.seconds, 200)
    return comparison.anytime(arm, used, Track.at_seconds)


def by_dollars(comparison: Comparison, arm: str) -> Anytime:
    """The track of an arm over money; flat for one that spends none."""
    used = np.linspace(0.0, comparison.dollars or 0.0, 200)
    return comparison.anytime(arm, used, Track.at_dollars)


def sentence(comparison: Comparison) -> str:
    """Which arm won, by how much, and whether that could be chance."""
    if not comparison.duels:
        return "Nothing to compare: fewer than two arms finished a run."
    lead = comparison.duels[0]  # the best arm against the second best
    difference = lead.contrast.difference
    if np.isnan(difference.low):
        how = "leads; one repeat tells nothing about chance"
    elif difference.excludes_zero:
        how = f"won; the interval excludes zero, and Mann-Whitney p = {lead.p:.3f} after Holm"
    else:
        how = "leads, and nobody won: the interval does not exclude zero"
    return (
        f"By its favourites' fitness on valid tasks, {lead.first}, {difference} above the next "
        f"arm, {lead.second}, {how}."
    )
