"""New runs made of the histories of others: forked at a step, or several merged into one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from evolve.config import Config
from evolve.errors import ConfigError, RunError
from evolve.ledger import Ledger
from evolve.provenance import differences
from evolve.records import Record
from evolve.runs import Run, create
from evolve.session import Session

MEASURING = ("fitness", "sandbox")
"""Tables whose change would make what was measured before incomparable."""
TAKEN_OVER = "taken over"


def fork(parent: Run, folder: Path, name: str, config: Config, at: int | None) -> Run:
    """A new run that begins with what `parent` knew when it began step `at`.

    Replies of a model that the parent paid for later are kept: the same question to the same model
    is not asked again.

    Args:
        parent: the run whose history is taken over.
        folder: where the new run is made.
        name: of the new run.
        config: its settings.
        at: a step that the parent began; none for all of its history.

    Raises:
        ConfigError: the settings would measure otherwise than the parent did.
        RunError: the parent began no such step, or the new run cannot be made.
    """
    for changed in _changed(parent.config, config, tables=MEASURING):
        raise ConfigError(
            f"--set {changed}: a fork keeps [{'] and ['.join(MEASURING)}], or its figures would "
            "not compare; `evolve run` begins afresh"
        )
    origin = f"forked from {parent.path} at {'its end' if at is None else f'step {at}'}"
    with closing(parent.ledger()) as ledger:
        count = _absorbed_before(parent, ledger, at)
        with _taking_over(parent, create(folder, name, config), origin) as made:
            made.extend(ledger.first(count))
            if parent.config.model == config.model:
                made.annals.keep(ledger.calls())
    return Run(folder / name)


def merge(parents: Sequence[Run], folder: Path, name: str) -> Run:
    """A new run with all records of `parents`, one run after another; its settings are the first's.

    Steps are numbered afresh. What two runs measured alike is counted once.

    Raises:
        RunError: they measured under different code, settings or suites, or it cannot be made.
    """
    first = parents[0]
    for other in parents[1:]:
        changed = differences(_last(first), _last(other), MEASURING)
        if changed:
            raise RunError(
                f"{other.path}: was measured otherwise than {first.path}: {'; '.join(changed)}; "
                "merge runs of one kind"
            )
    origin = f"merged from {', '.join(str(parent.path) for parent in parents)}"
    with _taking_over(first, create(folder, name, first.config), origin) as made:
        made.extend(_one_after_another(parents))
    return Run(folder / name)


@contextmanager
def _taking_over(parent: Run, run: Run, origin: str) -> Iterator[Ledger]:
    """The new run's ledger, in a session of its own; if it fails, there is no new run.

    The session has the parent's circumstances: the records were made under them.
    """
    settings = run.config.model_dump(mode="json")
    try:
        with closing(run.ledger()) as made:
            session = replace(_last(parent), settings=settings, origin=origin, ended=None)
            made.annals.begin(session)
            yield made
            made.annals.end(TAKEN_OVER)
    except BaseException:
        shutil.rmtree(run.path)
        raise


def _one_after_another(parents: Sequence[Run]) -> Iterator[Record]:
    steps, seen, clock = 0, 0, 0.0
    for parent in parents:
        with closing(parent.ledger()) as ledger:
            last, count, latest = -1, 0, 0.0
            for record in ledger:
                last, latest = max(last, record.step), max(latest, record.clock)
                count += 1
                yield replace(
                    record,
                    step=record.step + steps,
                    seen=record.seen + seen,
                    clock=record.clock + clock,
                )
        steps, seen, clock = steps + last + 1, seen + count, clock + latest


def _absorbed_before(parent: Run, ledger: Ledger, at: int | None) -> int:
    begun = dict(ledger.begun())
    if at is None:
        return len(begun)
    if at not in begun:
        raise RunError(
            f"{parent.path}: --at {at}: no such step; it began {len(begun)} steps, "
            f"the last one {max(begun, default=0)}"
        )
    return begun[at]


def _changed(ours: Config, theirs: Config, tables: Sequence[str]) -> Iterator[str]:
    for table in tables:
        left, right = getattr(ours, table), getattr(theirs, table)
        for key, value in right:
            if getattr(left, key) != value:
                yield f"{table}.{key}={value}"


def _last(run: Run) -> Session:
    if not run.sessions:
        raise RunError(f"{run.path}: nothing has happened in it yet; `evolve resume` begins")
    return run.sessions[-1]
