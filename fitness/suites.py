"""Named sets of tasks, in splits: a search sees `search`, finalists are picked on `valid`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from fitness.errors import FitnessError, unknown
from fitness.task import Task
from fitness.tasks.arithmetic import DIV2, MUL2
from fitness.tasks.feynman import FEYN29
from fitness.tasks.oscillation import DECAY1
from fitness.tasks.periodic import HARM2, TREND1
from fitness.tasks.piecewise import ABSMAX3
from fitness.tasks.polynomial import POLY3_2
from fitness.tasks.rational import EQLDIV2
from fitness.tasks.saturating import STEP1
from fitness.tasks.spherical import SPH32

SUITES: Mapping[str, Mapping[str, tuple[Task, ...]]] = MappingProxyType(
    {
        "lab": MappingProxyType(
            {
                "search": (ABSMAX3, POLY3_2, TREND1, MUL2, EQLDIV2, STEP1, SPH32, FEYN29),
                "valid": (DIV2, HARM2, DECAY1),
                "test": (replace(STEP1, name="step2"), replace(DECAY1, name="decay2")),
            }
        )
    }
)
"""Suite -> split -> tasks."""


@dataclass(frozen=True)
class Split:
    """The tasks that are measured together.

    Attributes:
        suite: name of the suite; with a task's name and a round it fixes what is drawn.
        name: search, valid or test.
        tasks: in the suite's order.
    """

    suite: str
    name: str
    tasks: tuple[Task, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """The families of the tasks, each once."""
        return tuple(dict.fromkeys(task.family for task in self.tasks))

    def only(self, *names: str) -> Split:
        """The named tasks alone, in the suite's order.

        Raises:
            FitnessError: a task is not in this split, or none is named.
        """
        known = [task.name for task in self.tasks]
        for name in names:
            if name not in known:
                raise unknown(f"task in {self.suite}/{self.name}", name, known)
        if not names:
            raise FitnessError(f"no task of {self.suite}/{self.name} is named; give at least one")
        return Split(self.suite, self.name, tuple(t for t in self.tasks if t.name in names))


def select(suite: str = "lab", split: str = "search") -> Split:
    """A split of a suite.

    Raises:
        FitnessError: there is no such suite or split.
    """
    if suite not in SUITES:
        raise unknown("suite", suite, SUITES)
    if split not in SUITES[suite]:
        raise unknown(f"split in suite {suite}", split, SUITES[suite])
    return Split(suite, split, SUITES[suite][split])
