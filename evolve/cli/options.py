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
Events = Annotated[
    bool, typer.Option("--json", help="Print a JSON object a line for each event, for machines.")
]
Track = Annotated[
    list[str] | None,
    typer.Option(
        "--track",
        metavar="TRACKER",
        help="Tell it to tensorboard, mlflow or wandb as well; may be repeated.",
    ),
]
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
        help="What ends the run, e.g. evaluations=60,minutes=5; also seconds, calls, tokens, "
        "dollars, target (a fitness), patience (trials without a new best). What is not "
        "named is lifted.",
    ),
]
AcceptChanges = Annotated[
    bool,
    typer.Option(
        "--accept-changes",
        help="Go on although code, settings or suite have changed; the differences are recorded.",
    ),
]
Name = Annotated[str | None, typer.Option("--name", help="The new run's name; the time, if none.")]
RUNS = Path("runs")
