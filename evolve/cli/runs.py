"""`evolve list`: the runs there are."""

from __future__ import annotations

import json
import sys

import typer

from evolve.cli.options import RUNS, Json, Runs


def runs(folder: Runs = RUNS, as_json: Json = False) -> None:
    """List the runs: where each is, whether it is at work, and its best program."""
    from rich.console import Console

    from evolve import runs as stored
    from evolve.errors import EvolveError
    from evolve.report import read, tables
    from evolve.report.words import plainly

    summaries, unread = [], []
    for run in stored.everything(folder):
        try:
            summaries.append(read(run))
        except EvolveError as error:  # the others are shown all the same
            unread.append(str(error))
    if as_json:
        print(json.dumps([each.to_json() for each in summaries], indent=2))
    elif summaries:
        Console().print(tables.runs(summaries))
    elif not unread:
        print(f"No runs under {folder}/ yet; `evolve run` begins one.")
    for fault in unread:
        print(f"error: {plainly(fault)}", file=sys.stderr)
    if unread:
        raise typer.Exit(2)
