"""`evolve lineage`: where a program comes from."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict

from evolve.cli.options import RUNS, Json, Program, RunName, Runs
from evolve.errors import RunError


def lineage(name: RunName, program: Program, folder: Runs = RUNS, as_json: Json = False) -> None:
    """Show a program's ancestors back to the founders: who made each, from what, and its worth."""
    from rich.console import Console

    from evolve import runs
    from evolve.lineage import ancestors, resolve
    from evolve.report import programs

    with closing(runs.find(name, folder).ledger()) as ledger:
        found = list(ancestors(ledger, resolve(ledger, program)))
    if not found:
        raise RunError(f"{program}: was never scored, so it has no lineage; see `evolve show`")
    if as_json:
        rows = [{"depth": each.depth, **asdict(each.record)} for each in found]
        print(json.dumps(rows, indent=2))
    else:
        Console().print(programs.ancestry(found))
