"""`evolve report`: a run as a page to keep, and its figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evolve.cli.options import RUNS, RunName, Runs


def report(
    name: RunName,
    out: Annotated[
        Path | None, typer.Option(help="The folder; report-RUN in this one, if none.")
    ] = None,
    folder: Runs = RUNS,
) -> None:
    """Write what a run came to as one HTML file, and its figures as PNG and SVG for a paper.

    The page needs no network and runs no script. Wants matplotlib, the extra `view`.
    """
    from evolve import runs
    from evolve.view import document

    run = runs.find(name, folder)
    for path in document.write(run, out or Path(f"report-{run.path.name}")):
        print(f"Wrote {path}")
