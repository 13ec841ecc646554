"""Arms against one another: at equal evaluations, seconds and dollars, and on tasks unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.report.courses import Course
from evolve.report.statistics import Contest, Estimate, band, contest, holm, mean

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
    """Two arms by their finalists on valid; p is corrected for all duels (Holm)."""

    first: str
    second: str
    contest: Contest
    p: float


@dataclass(frozen=True)
class Comparison:
    """What a comparison has come to.

    Attributes:
        courses: by arm, one a repeat; arms in the order in which they were asked for.
        stopped: arm -> why it did not finish.
    """

    name: str
    courses: Mapping[str, Sequence[Course]]
    stopped: Mapping[str, str]

    @cached_property
    def every(self) -> list[Course]:
        """All courses."""
        return [course for courses in self.courses.values() for course in courses]

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

    def at(self, arm: str, measure: Callable[[Course], float]) -> Estimate:
        """The mean of a figure over an arm's repeats."""
        return mean([measure(each) for each in self.courses[arm]])

    @cached_property
    def finals(self) -> Mapping[str, Estimate]:
        """Arm -> fitness of its finalists on the valid split, the best arm first."""
        found = {arm: self.at(arm, lambda each: each.fitness) for arm in self.courses}
        return dict(sorted(found.items(), key=lambda pair: -pair[1].value))

    @cached_property
    def duels(self) -> Sequence[Duel]:
        """Every two arms, the better one first."""
        fitness = {arm: [each.fitness for each in self.courses[arm]] for arm in self.finals}
        pairs = list(combinations(self.finals, 2))
        contests = [contest(fitness[first], fitness[second]) for first, second in pairs]
        corrected = holm([each.p for each in contests])
        return [
            Duel(*pair, found, p) for pair, found, p in zip(pairs, contests, corrected, strict=True)
        ]

    def anytime(self, arm: str, used: Row, at: Callable[[Course, float], float]) -> Anytime:
        """An arm's best so far wherever `used` says."""
        curves = np.array([[at(each, point) for point in used] for each in self.courses[arm]])
        low, high = band(curves) if len(curves) > 1 else (curves[0], curves[0])
        return Anytime(used, curves.mean(axis=0), low, high)


def by_evaluations(comparison: Comparison, arm: str) -> Anytime:
    """The course of an arm over evaluations."""
    used = np.arange(1, comparison.evaluations + 1, dtype=float)
    return comparison.anytime(arm, used, lambda each, count: each.at_evaluations(int(count)))


def by_seconds(comparison: Comparison, arm: str) -> Anytime:
    """The course of an arm over time."""
    used = np.linspace(0.0, comparison.seconds, 200)
    return comparison.anytime(arm, used, Course.at_seconds)


def by_dollars(comparison: Comparison, arm: str) -> Anytime:
    """The course of an arm over money; flat for one that spends none."""
    used = np.linspace(0.0, comparison.dollars or 0.0, 200)
    return comparison.anytime(arm, used, Course.at_dollars)


def sentence(comparison: Comparison) -> str:
    """Which arm won, by how much, and whether that could be chance."""
    if not comparison.duels:
        return "Nothing to compare: fewer than two arms finished a run."
    lead = comparison.duels[0]  # the best arm against the second best
    difference = lead.contest.difference
    if np.isnan(difference.low):
        how = "leads; one repeat tells nothing about chance"
    elif difference.excludes_zero:
        how = f"won; the interval excludes zero, and Mann-Whitney p = {lead.p:.3f} after Holm"
    else:
        how = "leads, and nobody won: the interval does not exclude zero"
    return (
        f"By its finalists' fitness on valid tasks, {lead.first}, {difference} above the next arm, "
        f"{lead.second}, {how}."
    )
