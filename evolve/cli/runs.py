"""`evolve list`: the runs there are."""

from __future__ import annotations

import json

from evolve.cli.options import RUNS, Json, Runs


def runs(folder: Runs = RUNS, as_json: Json = False) -> None:
    """List the runs: where each is, whether it is at work, and its best program."""
    from rich.console import Console

    from evolve import runs as stored
    from evolve.report import read, tables

    summaries = [read(run) for run in stored.everything(folder)]
    if as_json:
        print(json.dumps([each.to_json() for each in summaries], indent=2))
    elif summaries:
        Console().print(tables.runs(summaries))
    else:
        print(f"No runs under {folder}/ yet; `evolve run` begins one.")
