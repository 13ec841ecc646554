"""A study: claims of a paper, and an experiment whose decision rules stand before it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

from evolve.report.sheets import Sheet
from evolve.report.statistics import Estimate
from evolve.studies.tables import Wanted

Found: TypeAlias = Mapping[str, Any]
"""Observations so far: key -> a plain JSON value."""

Design = TypeVar("Design")


class Verdict(StrEnum):
    """What came of a claim."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not confirmed"
    OPEN = "open"
    CANNOT_RUN = "cannot run here"


@dataclass(frozen=True)
class Finding:
    """A verdict, and the figure it rests on; where it cannot run, what is missing."""

    verdict: Verdict
    ours: str


@dataclass(frozen=True)
class Claim:
    """One sentence of a paper with the number that would confirm it.

    Attributes:
        says: the sentence, with its number.
        source: where the number was read.
        rule: what decides, fixed before the run.
        judge: decides so.
    """

    says: str
    source: str
    rule: str
    judge: Callable[[Found], Finding]


@dataclass(frozen=True)
class Given:
    """What a study is handed to run with.

    Attributes:
        folder: its own.
        tables: files or public sources, by the name that the study knows them by.
        say: is told what people want to know, a line each.
        accept_changes: go on with runs that were begun under other code or data.
    """

    folder: Path
    tables: Mapping[str, str]
    say: Callable[[str], None]
    accept_changes: bool


@dataclass(frozen=True)
class Study(Generic[Design]):
    """An experiment that is declared in one file.

    Attributes:
        name: what it is called by.
        version: raised whenever design or a rule changes; versions are kept apart.
        title: what it asks.
        paper: whose claims they are.
        method: how, in words that a reviewer may hold it to.
        claims: what is decided.
        full: the design whose results count.
        quick: the same in little: shows that it runs, decides nothing.
        plan: key -> what observes it and gives a plain JSON value, in order.
        sheets: the tables of what was found.
        tables: that a user may hand in, by name.
    """

    name: str
    version: int
    title: str
    paper: str
    method: str
    claims: tuple[Claim, ...]
    full: Design
    quick: Design
    plan: Callable[[Design, Given], Mapping[str, Callable[[], Any]]]
    sheets: Callable[[Found], Sequence[Sheet]]
    tables: Mapping[str, Wanted] = field(default_factory=dict)

    def design(self, *, quick: bool) -> Design:
        """The design of that size."""
        return self.quick if quick else self.full

    def declared(self, *, quick: bool) -> dict[str, Any]:
        """What must not change under one version, as plain JSON values."""
        design: Any = self.design(quick=quick)
        rules = [[each.says, each.source, each.rule] for each in self.claims]
        text = json.dumps([self.method, rules], sort_keys=True).encode()
        return {
            "study": self.name,
            "version": self.version,
            "design": json.loads(json.dumps(asdict(design))),
            "rules": blake2b(text, digest_size=6).hexdigest(),
        }


def rule(effect: str, claimed: float = 0.0) -> str:
    """The rule of `decided` in words."""
    size = f" or below the claimed {claimed:+.3f}" if claimed > 0 else ""
    return (
        f"{effect}: confirmed if the 95 % interval lies above 0, not confirmed if it lies below 0"
        f"{size}, else open."
    )


def decided(ours: Estimate, claimed: float = 0.0, remark: str = "") -> Finding:
    """The verdict on an effect, 0 being none; claimed to be so large, if that is known."""
    if ours.low > 0:
        verdict = Verdict.CONFIRMED
    elif ours.high < max(claimed, 0.0):
        verdict = Verdict.NOT_CONFIRMED
    else:
        verdict = Verdict.OPEN
    return Finding(verdict, f"{ours}{remark and f'; {remark}'}")


def wanting(name: str, table: Wanted) -> Finding:
    """Nothing can be said, since a table was not handed in."""
    return Finding(Verdict.CANNOT_RUN, f"wants --data {name}=FILE: {table.where}")


def lacking(what: str) -> Callable[[Found], Finding]:
    """Judges a claim that cannot be tested here, and says what is missing."""
    return lambda _: Finding(Verdict.CANNOT_RUN, what)
