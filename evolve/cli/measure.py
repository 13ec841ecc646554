"""`evolve measure`: activations beside GELU, under the search's own recipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from evolve.cli.options import Json, Plot, Suite

if TYPE_CHECKING:
    from evolve.config import Config
    from evolve.standing import Table


def measure(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME_OR_FILE...",
            help="Textbook activations, Python files, `all` (the textbook), or `learnable`.",
        ),
    ],
    suite: Suite = "lab",
    split: Annotated[str, typer.Option(help="search or valid; test is for `test`.")] = "valid",
    seeds: Annotated[int, typer.Option(min=1, help="Seeds a task.")] = 30,
    steps: Annotated[int, typer.Option(min=21, help="Training steps of one net.")] = 400,
    workers: Annotated[int, typer.Option(min=1, help="Programs trained at once.")] = 1,
    baselines: Annotated[
        bool, typer.Option(help="Measure identity, ReLU, SiLU and Tanh beside them.")
    ] = True,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Measure activations against GELU under the same seeds, with intervals, family by family.

    The points, noise and target transforms are a fresh draw that no search has seen. A fitness of
    0 is GELU's; 0.1 is 21 % less error in the typical family of tasks. Exit code 1 if a program is
    refused or cannot be trained.
    """
    from evolve.evaluators.zygotes import nursery

    nursery()
    from rich.console import Console

    from evolve import contest
    from evolve.cli.programs import entrants_of
    from evolve.evaluators import exams
    from evolve.report import png, standings
    from fitness.baselines import REFERENCE

    config = contest.settings(suite, split, seeds, steps, workers)
    exams.demand(config.fitness)
    if plot is not None:
        png.demand(plot)
    sources = entrants_of(names, contest.FEW if baselines else (REFERENCE,))
    table = measured(config, sources)
    if plot is not None:
        png.standings(table, plot)
    if as_json:
        print(json.dumps(table.to_json(), indent=2, allow_nan=False))
    else:
        Console().print(standings.standings(table))
    if table.failures:
        raise typer.Exit(1)


def measured(config: Config, sources: Mapping[str, str]) -> Table:
    """Where programs stand beside one another; ends the process with 1 if one is refused."""
    from evolve import contest
    from evolve.build import measuring
    from evolve.cli.progress import counting
    from evolve.records import Admission

    verdicts = contest.admit(sources, config.sandbox)
    entrants = {name: each for name, each in verdicts.items() if isinstance(each, Admission)}
    for name in [name for name in verdicts if name not in entrants]:
        print(f"error: {name}: refused: {verdicts[name]}", file=sys.stderr)
    if len(entrants) < len(verdicts):
        raise typer.Exit(1)
    with counting("measured", len(entrants)) as done, closing(measuring(config)) as evaluator:
        found = contest.measure(entrants, evaluator, contest.FRESH_ROUND, done)
    return contest.stand(found, entrants, config.fitness, contest.FRESH_ROUND)
