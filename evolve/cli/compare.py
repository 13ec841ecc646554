"""`evolve compare`: is the language model worth its money?"""

from __future__ import annotations

import json
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evolve.cli.options import RUNS, AcceptChanges, Budget, Json, Plot, Runs, Set

if TYPE_CHECKING:
    from rich.console import Console

    from evolve.comparison import Trip
    from evolve.loop import Loop
    from evolve.report.comparison import Comparison

PAGE, TABLE = "page.html", "runs.csv"


def compare(
    config: Annotated[
        Path | None, typer.Argument(metavar="CONFIG", help="A TOML file; `evolve init` writes one.")
    ] = None,
    operators: Annotated[
        str, typer.Option(help="The arms: operators, and `portfolio` for all of them together.")
    ] = "llm,gp,pangaea,ramachandran,random,portfolio",
    repeats: Annotated[int, typer.Option(min=1, help="Runs an arm, each with its own seed.")] = 5,
    budget: Budget = None,
    folder: Runs = RUNS,
    name: Annotated[
        str | None, typer.Option(help="The comparison's name; naming it again goes on with it.")
    ] = None,
    plot: Plot = None,
    overrides: Set = None,
    accept_changes: AcceptChanges = False,
    as_json: Json = False,
) -> None:
    """Compare operators: a run an arm and repeat, from the same founders, on the same data.

    Curves and tables tell how each arm fared at equal evaluations, seconds and dollars, and what
    its favourites are worth on tasks that no search saw. Everything is kept in one folder, with a
    page and a CSV. Stopped, it goes on when the same --name is given. Exit code 1 if an arm could
    not finish.
    """
    from rich.console import Console

    from evolve import settings
    from evolve.cli.signals import Signalled, heeding_signals
    from evolve.cli.trips import Progress
    from evolve.comparison import begin, finish
    from evolve.report import png

    limits = settings.budget(budget) if budget is not None else []
    if plot is not None:
        png.demand(plot)
    chosen = settings.read(config, [*limits, *(overrides or [])])
    name = name or datetime.now(UTC).strftime("compare-%Y%m%d-%H%M%S")
    arms = tuple(each.strip() for each in operators.split(","))
    plan = begin(folder / name, arms, repeats, chosen)
    console = Console(stderr=as_json)
    console.print(f"Comparison {plan.folder}: {len(arms)} arms, {repeats} runs each")
    again = _command(sys.argv[1:], name)
    try:
        with heeding_signals() as heed_again, Progress(console) as progress:

            def watch(trip: Trip, loop: Loop) -> None:
                heed_again()  # Ray has put handlers of its own in the place of ours
                progress.follow(trip, loop)

            found = finish(plan, watch, console.print, accept_changes=accept_changes)
    except Signalled as signalled:
        console.print(f"\nStopped. To go on:\n  {again}", soft_wrap=True, highlight=False)
        sys.exit(signalled.code)
    _keep(plan.folder, found, again)
    if plot is not None:
        png.tracks(found, plot)
    if as_json:
        print(json.dumps(_values(found), indent=2))
    else:
        _show(console, found)
    console.print(f"\nKept in {plan.folder}: {PAGE}, {TABLE}, and a folder a run.")
    if found.stopped:
        raise typer.Exit(1)


def _keep(folder: Path, found: Comparison, again: str) -> None:
    from evolve.report.page import page
    from evolve.report.sheets import spreadsheet

    (folder / PAGE).write_text(page(found, again), encoding="utf-8")
    (folder / TABLE).write_text(spreadsheet(found), encoding="utf-8")


def _show(console: Console, found: Comparison) -> None:
    from evolve.report.comparison import sentence
    from evolve.report.plot import curves
    from evolve.report.sheets import sheets
    from evolve.report.tables import sheet

    console.print(curves(found))
    for each in sheets(found):
        console.print(sheet(each))
    console.print(f"\n{sentence(found)}", highlight=False)


def _values(found: Comparison) -> dict[str, object]:
    from evolve.report.comparison import sentence
    from evolve.report.sheets import sheets

    return {
        "name": found.name,
        "sentence": sentence(found),
        "stopped": dict(found.stopped),
        "tables": {each.title: each.records for each in sheets(found)},
    }


def _command(words: list[str], name: str) -> str:
    named = words if "--name" in words else [*words, "--name", name]
    return shlex.join(["evolve", *named])
