"""`evolve run`: search for activation functions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evolve.cli.options import RUNS, Budget, Events, Name, Runs, Set, Track


def run(
    config: Annotated[
        Path | None, typer.Argument(metavar="CONFIG", help="A TOML file; `evolve init` writes one.")
    ] = None,
    folder: Runs = RUNS,
    name: Name = None,
    model: Annotated[
        str | None,
        typer.Option(help="local:NAME_OR_PATH, a litellm name (openai/gpt-5), or the server's."),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="An OpenAI-compatible server, e.g. http://127.0.0.1:8000/v1.")
    ] = None,
    operators: Annotated[
        str | None, typer.Option(help="Who proposes, e.g. llm,gp,ramachandran,random.")
    ] = None,
    budget: Budget = None,
    workers: Annotated[int | None, typer.Option(help="Programs trained at once.")] = None,
    address: Annotated[
        str | None, typer.Option(help="A Ray cluster to join: auto, or HOST:PORT of its head.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of every random choice.")] = None,
    overrides: Set = None,
    islands_on: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=2,
            help="Run N drivers that exchange elites, each with a run of its own; they share out "
            "workers and budget.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the prompts and an estimate, and do nothing.")
    ] = False,
    track: Track = None,
    as_json: Events = False,
) -> None:
    """Search for activation functions, and keep everything in a new run.

    With nothing else said, the embedded language model and three classical operators propose
    programs; each is admitted by the sandbox and trained on the tasks of the suite `lab`; 60 are
    trained. Ctrl-C ends the run at once, a file `stop` in its folder when its trials are done;
    `evolve resume` goes on. Exit code 0 only if a stop rule ended the run.
    """
    from evolve.evaluators.zygotes import nursery

    if not dry_run and islands_on is None:
        nursery()
    from evolve import runs, settings
    from evolve.tracking import engaged

    said = {
        "model.name": model,
        "model.base_url": base_url,
        "search.operators": None if operators is None else str(operators.split(",")),
        "evaluators.workers": workers,
        "evaluators.address": address,
        "search.seed": seed,
    }
    spoken = [f"{key}={value}" for key, value in said.items() if value is not None]
    limits = settings.budget(budget) if budget is not None else []
    chosen = settings.read(config, [*spoken, *limits, *(overrides or [])])
    if dry_run:
        from evolve.cli.rehearse import show_rehearsal

        show_rehearsal(chosen)
        return
    name, trackers = name or runs.new_name(), engaged(track or ())
    if islands_on is not None:
        from evolve.cli.islands import drive_islands

        drive_islands(folder, name, chosen, islands_on, track or (), as_json=as_json)
        return
    from evolve.cli.drive import drive

    drive(runs.create(folder, name, chosen), chosen, trackers, as_json=as_json)
