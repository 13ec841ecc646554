"""Where activations stand beside one another: values for machines and for tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evolve.records import Failure

ID, OOD = "ID", "OOD"


@dataclass(frozen=True)
class Score:
    """A score in [0, 1] with its 95 % interval over seeds."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Standing:
    """One activation in a contest.

    Attributes:
        fitness: 0 is GELU, more is better.
        interval: 95 %, over tasks and seeds.
        families: family -> its score in distribution and out of it, under "ID" and "OOD".
        raw_p: that it does not differ from GELU, over tasks; none where that was not asked.
        p: the same, corrected for all comparisons that were made.
        improvement: the probability that one of its nets beats one of GELU's.
        failed: share of nets that turned non-finite.
        narrow: better than GELU, but not without its two best tasks.
        flops: operations an element, forward; 0 of a control that trains nothing.
        parameters: trainable scalars of the activation itself.
        seconds: wall time of its measurement.
    """

    name: str
    fitness: float
    interval: tuple[float, float]
    families: Mapping[str, Mapping[str, Score]]
    raw_p: float | None
    p: float | None
    improvement: float
    failed: float
    narrow: bool
    flops: float
    parameters: int
    seconds: float


@dataclass(frozen=True)
class Table:
    """A contest: activations measured alike in one round, the best first.

    Attributes:
        suite: name of the suite.
        split: name of the split.
        round: which draw of data, noise and transforms.
        recipe: how nets were trained, as plain JSON values.
        tasks: how many were measured.
        comparisons: how many p the correction is for.
        smallest_p: that can be reached with so many tasks, before the correction.
        standings: of those that could be trained.
        failures: name -> why it could not be.
    """

    suite: str
    split: str
    round: int
    recipe: Mapping[str, Any]
    tasks: int
    comparisons: int
    smallest_p: float
    standings: tuple[Standing, ...]
    failures: Mapping[str, Failure]

    def of(self, name: str) -> Standing | None:
        """Where the activation of that name stands; none if it could not be trained."""
        return next((each for each in self.standings if each.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Course:
    """What one program came to, from the search to the test: the shrinkage.

    Attributes:
        id: the program's.
        role: finalist, the best of a control operator, or both.
        by: the operator that made it.
        search: its fitness as the search saw it.
        promoted: its fitness on fresh seeds of the search's tasks, if it was promoted.
        valid: where it stood on the split valid; none if it could not be trained.
        test: where it stood on the split test, under the recipe.
    """

    id: str
    role: str
    by: str
    search: float
    promoted: float | None
    valid: Standing | None
    test: Standing | None


@dataclass(frozen=True)
class Final:
    """What an opening of the test split showed.

    Attributes:
        at: when it was opened, in UTC, as ISO 8601.
        earlier: when it had been opened before, for the same run.
        courses: one a contestant, finalists first.
        arms: where everybody stands, by the arm's name.
    """

    at: str
    earlier: tuple[str, ...]
    courses: tuple[Course, ...]
    arms: Mapping[str, Table]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)
