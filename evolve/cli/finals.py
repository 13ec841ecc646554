"""`evolve test`: opens the locked split."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from evolve.cli.options import RUNS, Json, RunName, Runs


def finals(
    name: RunName,
    folder: Runs = RUNS,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds a task.")] = 30,
    wide_seeds: Annotated[
        int, typer.Option(min=1, help="Seeds a task of the wide arm, some 20 times as dear.")
    ] = 8,
    workers: Annotated[int | None, typer.Option(min=1, help="Programs trained at once.")] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Pick the finalists, say what it would take, and stop.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Open the test split though it was opened before.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Open the locked split test, once, for the finalists of a run.

    The rule, fixed before: of all elites and promoted programs that are no founders, the ten of
    highest shrunken fitness are measured on the split valid with fresh seeds; the best five there
    are the finalists. Beside them stand every textbook activation, tuned alike, and the best
    program of the run's operators random and gp.

    Three arms: the run's recipe; a net four times wider and twice deeper; SGD with momentum. Only
    finalists are tested against GELU, with Holm's correction over finalists and arms. The opening
    is written into the ledger before the first measurement: Ctrl-C does not undo it.
    """
    from rich.console import Console

    from evolve import runs
    from evolve.build import measuring
    from evolve.cli.progress import counting
    from evolve.errors import RunError
    from evolve.finals import Finals
    from evolve.report import finals as shown
    from evolve.report import tables
    from evolve.settings import with_workers

    told = Console(stderr=True)
    run = runs.find(name, folder)
    with run.driving():
        held = Finals(run, with_workers(run.config, workers), measuring, counting)
        dates = [each.at for each in held.earlier]
        if dates and not again and not plan:
            raise RunError(
                f"{run.path}: the test split was opened already ({', '.join(dates)}); what is "
                "chosen after a look is no longer tested; --again opens it all the same"
            )
        if dates:
            told.print(tables.openings(dates))
        try:
            planned = held.plan(seeds, wide_seeds)
            told.print(shown.plan(planned.finalists, len(planned.entrants), planned.minutes))
            if plan:
                return
            final = held.play(planned)
        except KeyboardInterrupt:
            counts = "this opening counts" if held.opened else "the test split was not opened"
            told.print(f"Stopped; {counts}.")
            sys.exit(130)
    if as_json:
        print(json.dumps(final.to_json(), indent=2, allow_nan=False))
    else:
        Console().print(shown.final(final))
