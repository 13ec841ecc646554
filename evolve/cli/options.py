"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Runs = Annotated[Path, typer.Option("--runs", help="The folder that holds the runs.")]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="A run's path, or its name.")]
Program = Annotated[
    str, typer.Argument(metavar="PROGRAM", help="A program's id, or the start of it.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Suite = Annotated[str, typer.Option(help="The tasks.")]
Plot = Annotated[
    Path | None,
    typer.Option(metavar="OUT.png", help="Draw it too; wants matplotlib, the extra `view`."),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="TABLE.KEY=VALUE", help="Override one setting; may be repeated."),
]
Budget = Annotated[
    str | None,
    typer.Option(
        metavar="LIMITS",
        help="What the run may use, e.g. evaluations=60,minutes=5; also tokens, dollars. "
        "A limit that is not named is lifted.",
    ),
]
RUNS = Path("runs")
