"""`evolve merge`: one archive from several runs."""

from __future__ import annotations

from typing import Annotated

import typer

from evolve.cli.options import RUNS, Name, Runs


def merge(
    names: Annotated[
        list[str], typer.Argument(metavar="RUN...", help="Runs' paths or names, two or more.")
    ],
    new_name: Name = None,
    folder: Runs = RUNS,
) -> None:
    """Build one run from several, of several machines or nights, without measuring again.

    They must have measured alike: the same code, suite, [fitness] and [sandbox]. All else is taken
    from the first. The runs stay as they are; `evolve resume` goes on with the new one.
    """
    from rich.console import Console

    from evolve import histories, runs
    from evolve.errors import ConfigError
    from evolve.report import journey, read, tables

    if len(names) < 2:
        raise ConfigError(f"merge {names[0]}: one run alone; name two or more")
    made = histories.merge(
        [runs.find(each, folder) for each in names], folder, new_name or runs.new_name()
    )
    summary = read(made)
    Console().print(tables.overview(summary))
    print(f"\nMerged. Everything is kept in {made.path}.")
    Console().print(journey.onward(summary), soft_wrap=True)
