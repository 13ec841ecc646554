"""`evolve lineage`: where a program comes from, or what came of it."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from evolve.cli.options import RUNS, Json, Program, RunName, Runs
from evolve.errors import ConfigError, RunError


def lineage(
    name: RunName,
    program: Program,
    onward: Annotated[
        bool, typer.Option("--descendants", help="What came of it, instead of where it comes from.")
    ] = False,
    form: Annotated[
        str | None, typer.Option("--to", help="For other tools: dot, mermaid, graphml or json.")
    ] = None,
    folder: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Show a program's ancestors back to the founders: who made each, from what, and its worth.

    Below each stands what was changed of its first parent, as source and as curves from -4 to 4
    (the parent's, its own), and beside it what that gained.
    """
    from rich.console import Console

    from evolve import runs
    from evolve.cli.portraits import function
    from evolve.lineage import ancestors, descendants, resolve
    from evolve.report import kinship, trees

    if form not in (None, "json", *kinship.FORMATS):
        raise ConfigError(f"--to {form}: wanted one of {', '.join(kinship.FORMATS)}, json")
    walk = descendants if onward else ancestors
    with closing(runs.find(name, folder).ledger()) as ledger:
        found = list(walk(ledger, resolve(ledger, program)))
    if not found:
        raise RunError(f"{program}: was never scored, so it has no lineage; see `evolve show`")
    if as_json or form == "json":
        rows = [{"depth": each.depth, **asdict(each.record)} for each in found]
        print(json.dumps(rows, indent=2))
    elif form:
        print(kinship.FORMATS[form](found))
    else:
        tree = trees.offspring if onward else trees.ancestry
        Console().print(tree(found, function))
