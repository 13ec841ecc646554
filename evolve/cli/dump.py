"""`evolve dump`: a run's tables for other tools."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evolve.cli.options import RUNS, RunName, Runs


class Form(StrEnum):
    """What a dump is written as."""

    PARQUET = "parquet"
    JSONL = "jsonl"
    CSV = "csv"


def dump(
    name: RunName,
    to: Annotated[Form, typer.Option("--to", help="What to write.")] = Form.PARQUET,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder to write to; dump/ in the run's own.")
    ] = None,
    folder: Runs = RUNS,
) -> None:
    """Write every table of a run's ledger as a file: Parquet, JSON lines or CSV.

    What the tables and columns mean is in docs/ledger.md. Files of an earlier dump are replaced.
    """
    from evolve import runs
    from evolve.dump import dump as write

    run = runs.find(name, folder)
    for path, count in write(run.path / runs.LEDGER, out or run.path / "dump", to):
        print(f"{path}  {count} rows")
