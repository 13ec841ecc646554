"""`evolve measure`: activations beside GELU, under the search's own recipe."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from evolve.cli.options import Json


def measure(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME_OR_FILE...", help="Textbook activations or Python files."),
    ],
    seeds: Annotated[int, typer.Option(min=1, help="Seeds a task.")] = 8,
    steps: Annotated[int, typer.Option(min=21, help="Training steps of one net.")] = 400,
    workers: Annotated[int, typer.Option(min=1, help="Programs trained at once.")] = 1,
    as_json: Json = False,
) -> None:
    """Measure activations on the tasks of the suite `lab`, against GELU under the same seeds.

    The points, noise and target transforms are a fresh draw that no search has seen. A fitness of
    0 is GELU's; 0.1 is 21 % less error in the typical family of tasks.
    """
    from rich.console import Console

    from evolve.build import measuring
    from evolve.cli.programs import source_of
    from evolve.config import Config, EvaluatorsTable, FitnessTable
    from evolve.errors import ConfigError
    from evolve.evaluators.admission import Admissions
    from evolve.records import Evaluation, Refusal
    from evolve.report import tables

    config = Config(
        fitness=FitnessTable(promotion_seeds=seeds, steps=steps),
        evaluators=EvaluatorsTable(workers=workers),
    )
    sources = {name: source_of(name) for name in names}
    admitted = {}
    with closing(Admissions(config.sandbox)) as admissions:
        for name, source in sources.items():
            verdict = admissions.admit(source)[1]
            if isinstance(verdict, Refusal):
                raise ConfigError(f"{name}: refused: {verdict}")
            admitted[name] = verdict
    with closing(measuring(config)) as pool:
        futures = {name: pool.submit(each, 1) for name, each in admitted.items()}
        found = {name: future.result() for name, future in futures.items()}
    if as_json:
        print(json.dumps({name: asdict(each) for name, each in found.items()}, indent=2))
    else:
        Console().print(tables.measured(found, admitted))
    if not all(isinstance(each, Evaluation) for each in found.values()):
        raise typer.Exit(1)
