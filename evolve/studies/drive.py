"""Runs a study to its end, whatever of it is left to do, and reads what it came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evolve.config import Config
from evolve.errors import RunError
from evolve.provenance import differences, here
from evolve.report.sheets import Sheet
from evolve.session import Session
from evolve.studies.book import Book
from evolve.studies.study import Claim, Finding, Given, Study, Verdict
from evolve.studies.tables import digest

Counting = Callable[[str, int], AbstractContextManager[Callable[[str], None]]]


@dataclass(frozen=True)
class Report:
    """What a study came to.

    Attributes:
        quick: whether it was run in little, and decides nothing.
        finished: whether nothing is left to do.
        sessions: what it was made with.
        findings: one a claim; all open while it is not finished.
        sheets: its tables.
    """

    study: Study[Any]
    quick: bool
    finished: bool
    sessions: tuple[Session, ...]
    findings: tuple[tuple[Claim, Finding], ...]
    sheets: tuple[Sheet, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            **self.study.declared(quick=self.quick),
            "quick": self.quick,
            "finished": self.finished,
            "claims": [
                {"paper": claim.says, "source": claim.source, "rule": claim.rule, **asdict(finding)}
                for claim, finding in self.findings
            ],
            "tables": {each.title: each.records for each in self.sheets},
        }


def place(study: Study[Any], folder: Path, *, quick: bool) -> Book:
    """Where a study of this version and size is kept under `folder`."""
    return Book(folder / f"study-{study.name}-{study.version}{'-quick' * quick}")


def finish(
    study: Study[Any],
    folder: Path,
    tables: Mapping[str, str],
    counting: Counting,
    say: Callable[[str], None],
    *,
    quick: bool,
    accept_changes: bool = False,
) -> Report:
    """Observes what is missing.

    Args:
        study: which.
        folder: holds the folders of studies.
        tables: files or public sources by name, those of other studies among them.
        counting: shows how far it is.
        say: is told what people want to know.
        quick: the size.
        accept_changes: go on though code or libraries are others than before.

    Raises:
        ConfigError: a table cannot be read, or is not what is wanted.
        RunError: it cannot go on here.
    """
    book = place(study, folder, quick=quick)
    own = {name: tables[name] for name in study.tables if name in tables}
    given = Given(book.folder, own, say, accept_changes)
    declared = study.declared(quick=quick)
    book.demand(declared)
    kept, plan = book.found, study.plan(study.design(quick=quick), given)
    missing = [key for key in plan if key not in kept]
    if missing or not book.finished:
        for name, table in given.tables.items():
            say(f"{name}: {study.tables[name].recognised(table)}")
        session = _session(book, given.tables, accept_changes=accept_changes)
        with book.writing(declared, session) as keep, counting(study.name, len(missing)) as done:
            for key in missing:
                keep(key, plan[key]())
                done(key)
    return read(study, folder, quick=quick)


def read(study: Study[Any], folder: Path, *, quick: bool) -> Report:
    """What is kept of a study.

    Raises:
        RunError: nothing is, or under another declaration.
    """
    book = place(study, folder, quick=quick)
    if not book.lines:
        raise RunError(
            f"{book.folder}: nothing is kept of this study yet; "
            f"`evolve study run {study.name}{' --quick' * quick}` begins it"
        )
    book.demand(study.declared(quick=quick))
    found, finished = book.found, book.finished
    waiting = Finding(Verdict.OPEN, f"{len(found)} observed, the study is not finished")
    findings = [(each, each.judge(found) if finished else waiting) for each in study.claims]
    sheets = study.sheets(found) if finished else ()
    return Report(study, quick, finished, tuple(book.sessions), tuple(findings), tuple(sheets))


def _session(book: Book, tables: Mapping[str, str], *, accept_changes: bool) -> Session:
    digests = {name: f"{name} {digest(place)}" for name, place in sorted(tables.items())}
    now = here(Config(), ", ".join(digests.values()))
    changes: Sequence[str] = ()
    if before := book.sessions[-1:]:
        # Whoever hands in one table more asks for more, and changes nothing.
        known = {each.partition(" ")[0] for each in before[0].suite.split(", ")}
        same = ", ".join(each for name, each in digests.items() if name in known)
        changes = differences(before[0], replace(now, suite=same), ())
    if changes and not accept_changes:
        raise RunError(
            f"{book.folder}: what was observed before may not compare with what would be now: "
            f"{'; '.join(changes)}; --accept-changes goes on all the same, and records it"
        )
    return replace(now, settings={}, accepted=tuple(changes))


def latest(study: Study[Any], folder: Path) -> Report | None:
    """What is kept of its full size; of the quick one, where that is not finished; or nothing."""
    kept = [
        read(study, folder, quick=quick)
        for quick in (False, True)
        if place(study, folder, quick=quick).lines
    ]
    return next((each for each in kept if each.finished), kept[0] if kept else None)
