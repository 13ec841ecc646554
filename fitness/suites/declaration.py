"""What a suite's TOML file says, checked before anything is loaded.

ood_weight = 0.5                    # share of the shifted sides in the fitness; may be left out

[[task]]
split = "search"                    # search, valid or test
name = "absmax3"                    # a built-in task,

[[task]]
split = "search"
use = "mytasks:RIDGES"              # or a task written in Python: the user's own code is imported,

[[task]]
split = "valid"
kind = "table"                      # or a table
path = "patients.csv"               # or source = "openml:61"; relative to this file
target = "outcome"
shift = "group:hospital=3"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fitness.errors import FitnessError, unknown
from fitness.task import OOD_WEIGHT

SPLITS = ("search", "valid", "test")
_TOP = ("task", "ood_weight")

_BUILT_IN, _OWN = "built-in", "own"
_KEYS: Mapping[str, Mapping[str, type]] = MappingProxyType(
    {
        _BUILT_IN: {"name": str},
        _OWN: {"use": str},
        "table": {
            "path": str,
            "source": str,
            "target": str,
            "shift": str,
            "name": str,
            "family": str,
            "classes": bool,
            "drop": list,
        },
    }
)
"""Kind of task -> what may be said of it; `split` and `kind` may be said of all."""

_WORDS = {str: "a text", bool: "true or false", list: "a list of texts"}


@dataclass(frozen=True)
class Entry:
    """One [[task]].

    Attributes:
        place: the file and the number of the task, as messages call them.
        split: search, valid or test.
        kind: built-in, own or table.
        said: the other keys.
        folder: where relative paths start.
    """

    place: str
    split: str
    kind: str
    said: Mapping[str, Any]
    folder: Path

    @property
    def name(self) -> str | None:
        """The task's name, unless only its own code knows it."""
        if "name" in self.said or self.kind == _OWN:
            return self.said.get("name")
        return Path(self.said["path"]).stem if "path" in self.said else self.said["source"]


@dataclass(frozen=True)
class Declaration:
    """A suite's file.

    Attributes:
        suite: its name: the file's, without the ending. It is part of what targets are drawn from.
        entries: in the file's order.
        ood_weight: share of the shifted sides in the fitness.
    """

    suite: str
    entries: tuple[Entry, ...]
    ood_weight: float


def shipped() -> dict[str, Traversable]:
    """The suites that ship with the package, by name."""
    here = files("fitness.suites").iterdir()
    return {each.name.removesuffix(".toml"): each for each in here if each.name.endswith(".toml")}


def declaration(suite: str) -> Declaration:
    """What the suite of that name declares, or the suite in the file of that path.

    Raises:
        FitnessError: no such suite or file; it is not TOML; or a task is not declared as it must.
    """
    if suite in (known := shipped()):
        return _read(suite, known[suite], Path(), suite)
    path = Path(suite)
    if path.suffix != ".toml":
        error = unknown("suite", suite, known)
        raise FitnessError(f"{error}; a suite of your own is a file that ends in .toml")
    if path.is_dir():
        raise FitnessError(f"suite {suite} is a folder; name the TOML file in it")
    if not path.exists():
        raise FitnessError(f"there is no file {suite}; suites that ship: {', '.join(known)}")
    return _read(suite, path, path.absolute().parent, path.stem)


def _read(label: str, file: Traversable | Path, folder: Path, suite: str) -> Declaration:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise FitnessError(f"{label} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise FitnessError(f"{label} is no text in UTF-8; a suite is a TOML file") from None
    except tomllib.TOMLDecodeError as error:
        raise FitnessError(f"{label} is no TOML: {error}") from None
    for key in content:
        if key not in _TOP:
            raise FitnessError(f"{label}: {unknown('key', key, _TOP)}")
    weight = content.get("ood_weight", OOD_WEIGHT)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1:
        raise FitnessError(f"{label}: ood_weight is {weight!r}; a share, 0 to 1, is wanted")
    tables = content.get("task", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise FitnessError(f"{label}: a task is declared under [[task]], in double brackets")
    if not tables:
        raise FitnessError(f"{label} declares no task; begin one with [[task]]")
    entries = tuple(
        _entry(f"{label}, task {number}", table, folder) for number, table in enumerate(tables, 1)
    )
    demand_distinct([(each.name, each.place) for each in entries if each.name is not None])
    return Declaration(suite, entries, float(weight))


def demand_distinct(named: list[tuple[str, str]]) -> None:
    """Refuses a name that two tasks have: points are drawn by it, and would be the same.

    Args:
        named: name and place of each task.

    Raises:
        FitnessError: a name stands twice.
    """
    places: dict[str, str] = {}
    for name, place in named:
        if name in places:
            first = places[name].rpartition(", ")[2]
            raise FitnessError(f"{place} is named {name!r}, as {first} is; give it another name")
        places[name] = place


def _entry(place: str, table: Mapping[str, Any], folder: Path) -> Entry:
    kind = _kind(place, table)
    keys = {"split": str, "kind": str, **_KEYS[kind]}
    for key, value in table.items():
        if key not in keys:
            raise FitnessError(f"{place}: {unknown(f'key of a {kind} task', key, keys)}")
        sound = isinstance(value, keys[key])
        if keys[key] is list:
            sound = sound and all(isinstance(each, str) and each for each in value)
        if not sound or value == "":
            raise FitnessError(f"{place}: {key} is {value!r}; {_WORDS[keys[key]]} is wanted")
    if "split" not in table:
        raise FitnessError(f"{place} has no split; write split = one of {', '.join(SPLITS)}")
    if table["split"] not in SPLITS:
        raise FitnessError(f"{place}: {unknown('split', table['split'], SPLITS)}")
    if kind == "table":
        _demand_table(place, table)
    said = {key: value for key, value in table.items() if key not in ("split", "kind")}
    return Entry(place, table["split"], kind, MappingProxyType(said), folder)


def _kind(place: str, table: Mapping[str, Any]) -> str:
    if "kind" in table:
        kinds = [each for each in _KEYS if each not in (_BUILT_IN, _OWN)]
        if table["kind"] not in kinds:
            raise FitnessError(f"{place}: {unknown('kind of task', str(table['kind']), kinds)}")
        return str(table["kind"])
    if "use" in table:
        return _OWN
    if any(key in table for key in ("path", "source")):
        raise FitnessError(f'{place} names a table; write kind = "table" beside it')
    if "name" not in table:
        raise FitnessError(f'{place} names no task; write name = "..", use = ".." or kind = ".."')
    return _BUILT_IN


def _demand_table(place: str, table: Mapping[str, Any]) -> None:
    if ("path" in table) == ("source" in table):
        raise FitnessError(f"{place}: a table has a path or a source, and not both")
    if "path" in table and "target" not in table:
        raise FitnessError(f'{place} has no target; name the column to predict: target = ".."')
    if "shift" not in table:
        raise FitnessError(f'{place} has no shift; name one, such as shift = "feature:age>60"')
