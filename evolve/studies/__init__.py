"""Studies: claims of papers, each tested by an experiment that is declared in one file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from evolve.errors import ConfigError
from evolve.studies.study import Study

NAMES = ("generalisation", "batches", "symmetry", "operators", "xnet", "symbolnet", "transfer")


ALL = "all"


def studies(names: Iterable[str]) -> list[Study[Any]]:
    """The studies of these names; `all` of them, if that is one.

    Raises:
        ConfigError: there is no such study; names the nearest.
    """
    return [_study(each) for name in names for each in (NAMES if name == ALL else (name,))]


def _study(name: str) -> Study[Any]:
    if name not in NAMES:
        close = difflib.get_close_matches(name, NAMES, n=1)
        known = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(NAMES)}"
        raise ConfigError(f"there is no study {name!r}; {known}")
    found: Study[Any] = import_module(f"evolve.studies.{name}").STUDY
    return found
