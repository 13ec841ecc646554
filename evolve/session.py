"""What is known of a run beside its records: its sessions, and openings of the test split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Session:
    """One stretch of work on a run, and what it was done with.

    Attributes:
        began: when, in UTC, as ISO 8601.
        settings: every setting, table by table.
        versions: of the code, by room, and of the libraries that figures depend on.
        suite: hash of the data that the search is measured on.
        machine: system, release and architecture.
        isolation: the level at which programs were confined.
        commit: of the git checkout that the code lies in; empty without one.
        accepted: differences to the session before that the user let pass.
        origin: the run that this one was forked from, or those that it was merged from.
        ended: how; none while it goes on, or if it was cut off.
    """

    began: str
    settings: Mapping[str, Mapping[str, Any]]
    versions: Mapping[str, str]
    suite: str
    machine: str
    isolation: str = ""
    commit: str = ""
    accepted: tuple[str, ...] = ()
    origin: str = ""
    ended: str | None = None


@dataclass(frozen=True)
class Opening:
    """One look at the test split, which can be opened only once for each honest claim.

    It is written twice: before the first measurement, without results; and, if all went well,
    with what was found. So a look that was broken off counts.

    Attributes:
        at: when, in UTC, as ISO 8601.
        suite: name of the suite whose test split was opened.
        measured: what was measured and how, as plain JSON values.
        results: what came of it, as plain JSON values; none while it is not known.
    """

    at: str
    suite: str
    measured: Any
    results: Any = None


def looks(openings: list[Opening]) -> list[Opening]:
    """Each look at the test split once, in order, with its results if it came to any."""
    return list({each.at: each for each in openings}.values())
