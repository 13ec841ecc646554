"""Chooses the tasks of a split, and says whether a suite is still the same."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from hashlib import blake2b

from fitness.errors import FitnessError, unknown
from fitness.suites.building import build, content, family
from fitness.suites.declaration import SPLITS, declaration, demand_distinct, shipped
from fitness.task import OOD_WEIGHT, Task


@dataclass(frozen=True)
class Split:
    """The tasks that are measured together.

    Attributes:
        suite: name of the suite; with a task's name and a round it fixes what is drawn.
        name: search, valid or test.
        tasks: in the suite's order.
        ood_weight: share of the shifted sides in the fitness.
    """

    suite: str
    name: str
    tasks: tuple[Task, ...]
    ood_weight: float = OOD_WEIGHT

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
        return replace(self, tasks=tuple(t for t in self.tasks if t.name in names))


def names() -> tuple[str, ...]:
    """The suites that ship with the package."""
    return tuple(sorted(shipped()))


def select(suite: str = "lab", split: str = "search") -> Split:
    """A split of a suite: a shipped one's name, or the path of a TOML file (see `declaration`).

    Only this split's tasks are built: no table of another is read, no other code imported.

    Raises:
        FitnessError: no such suite or split, or one of the tasks is not what it should be.
    """
    declared = declaration(suite)
    splits = [each for each in SPLITS if any(e.split == each for e in declared.entries)]
    if split not in splits:
        raise unknown(f"split in suite {suite}", split, splits)
    entries = [each for each in declared.entries if each.split == split]
    tasks = tuple(map(build, entries))
    others = [(each.name, each.place) for each in declared.entries if each.split != split]
    built = [(task.name, entry.place) for task, entry in zip(tasks, entries, strict=True)]
    demand_distinct([(name, place) for name, place in others if name is not None] + built)
    return Split(declared.suite, split, tasks, declared.ood_weight)


def families(suite: str, split: str) -> dict[str, str]:
    """Task -> family, of a split as it is declared: no table is read, no code of others imported.

    Tasks of the user's own are left out: only their code knows them.

    Raises:
        FitnessError: no such suite, or a built-in task of it does not exist.
    """
    return {
        str(each.name): named
        for each in declaration(suite).entries
        if each.split == split and (named := family(each))
    }


def digest(suite: str) -> str:
    """What changes whenever the suite does.

    A hash of all that its file declares, of its tables' bytes, and of the text of the user's own
    modules; 32 hexadecimal digits.

    Raises:
        FitnessError: the suite is not to be had, or a file of it is missing.
    """
    declared = declaration(suite)
    resolved = [
        [each.split, each.kind, dict(each.said), content(each)] for each in declared.entries
    ]
    text = json.dumps([declared.suite, declared.ood_weight, resolved], sort_keys=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()
