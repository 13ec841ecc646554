"""`evolve fork`: what if one thing had been otherwise?"""

from __future__ import annotations

from typing import Annotated

import typer

from evolve.cli.options import RUNS, AcceptChanges, Budget, Json, Name, RunName, Runs, Set


def fork(
    name: RunName,
    at: Annotated[
        int | None,
        typer.Option(metavar="STEP", help="Begin with what was known when STEP was begun."),
    ] = None,
    overrides: Set = None,
    budget: Budget = None,
    new_name: Name = None,
    folder: Runs = RUNS,
    accept_changes: AcceptChanges = False,
    as_json: Json = False,
) -> None:
    """Start a new run from another's history, with something changed; the other stays as it is.

    Without --at it begins with all of the history. Replies of the same language model that the
    other run paid for are not asked for again. How programs are measured cannot change.
    """
    from evolve import histories, runs, settings
    from evolve.cli.drive import drive

    parent = runs.find(name, folder)
    limits = settings.budget(budget) if budget is not None else []
    config = settings.read(parent.path / runs.SETTINGS, [*limits, *(overrides or [])])
    made = histories.fork(parent, folder, new_name or runs.new_name(), config, at)
    drive(made, config, as_json=as_json, accept_changes=accept_changes)
