"""`evolve resume`: go on with a run."""

from __future__ import annotations

from evolve.cli.options import RUNS, AcceptChanges, Budget, Events, RunName, Runs, Track


def resume(
    name: RunName,
    folder: Runs = RUNS,
    budget: Budget = None,
    accept_changes: AcceptChanges = False,
    track: Track = None,
    as_json: Events = False,
) -> None:
    """Go on with a run that was stopped, or give a finished one a larger budget.

    The ledger is replayed, and the run goes on as if it had never stopped. All settings but the
    budget stay as they were; if the code, another setting or the suite has changed, the difference
    is shown and nothing is done. Exit code 0 only if a stop rule ended the run.
    """
    from evolve.evaluators.zygotes import nursery

    nursery()
    from evolve import runs, settings
    from evolve.tracking import engaged

    run = runs.find(name, folder)
    config = run.config
    if budget is not None:
        config = settings.read(run.path / runs.SETTINGS, settings.budget(budget))
    trackers = engaged(track or ())
    from evolve.cli.drive import drive

    drive(run, config, trackers, as_json=as_json, accept_changes=accept_changes)
