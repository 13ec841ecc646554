"""`evolve show`: what a run, or one program of it, came to."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from evolve.cli.options import RUNS, Json, RunName, Runs


def show(
    name: RunName,
    program: Annotated[
        str | None, typer.Argument(metavar="[PROGRAM]", help="A program's id, or its start.")
    ] = None,
    folder: Runs = RUNS,
    front: Annotated[bool, typer.Option("--front", help="Show the whole Pareto front.")] = False,
    as_json: Json = False,
) -> None:
    """Show what a run found, who found it and what it cost; or all that is known of a program.

    The figure to believe is the one on fresh seeds: the search's own is flattered by luck.
    """
    from rich.console import Console

    from evolve import runs
    from evolve.cli.portraits import portrait
    from evolve.evaluators.exams import families
    from evolve.lineage import resolve
    from evolve.report import journey, programs, read, tables

    run = runs.find(name, folder)
    if program is None:
        summary = read(run, families=families(run.config.fitness))
        if as_json:
            print(json.dumps(summary.to_json(), indent=2))
        elif front:
            Console().print(tables.front(summary.front))
        else:
            with closing(run.ledger()) as ledger:
                went = journey.journey(summary, ledger.skim(), ledger.earnings())
            Console().print(tables.overview(summary), went)
        return
    with closing(run.ledger()) as ledger:
        found = ledger.of(resolve(ledger, program))
    if as_json:
        print(json.dumps([asdict(each) for each in found], indent=2))
    else:
        Console().print(programs.program(found), portrait(found))
