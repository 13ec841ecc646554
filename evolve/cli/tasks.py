"""`evolve tasks`: what activations are measured on."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from evolve.cli.options import Json, Plot, Suite


def tasks(
    name: Annotated[
        str | None, typer.Argument(metavar="[TASK]", help="One task, to be described and drawn.")
    ] = None,
    suite: Suite = "lab",
    formula: Annotated[
        bool, typer.Option("--formula", help="Print how losses become a fitness, and nothing else.")
    ] = False,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """List the tasks of a suite, split by split; or describe and draw one.

    A search sees the split search alone; finalists are chosen on valid; `evolve test` opens test.
    A task is shown as it is written: a round draws it with other constants.
    """
    from rich.console import Console

    from evolve.errors import ConfigError
    from evolve.evaluators import tasks as known
    from evolve.report import png
    from evolve.report import tasks as shown

    if formula:
        from fitness.scores import FORMULA_TEXT

        print(FORMULA_TEXT)
        return
    if plot is not None:
        if name is None:
            raise ConfigError(f"--plot {plot}: draws one task; name it, as `evolve tasks` does")
        png.demand(plot)
    if name is None:
        cards = known.cards(suite)
        if as_json:
            print(json.dumps([asdict(each) for each in cards], indent=2, allow_nan=False))
        else:
            Console().print(shown.tasks(cards))
        return
    sketch = known.sketch(suite, name)
    if plot is not None:
        png.regions(sketch, plot)
    if as_json:
        print(json.dumps(asdict(sketch), indent=2, allow_nan=False))
    else:
        Console().print(shown.task(sketch))
