"""`evolve diff`: two programs of a run beside one another."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from evolve.cli.options import RUNS, Json, Program, RunName, Runs
from evolve.errors import RunError


def diff(
    name: RunName,
    program: Program,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Another program's id.")],
    folder: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Compare two programs of a run: source, curve, cost, traits, and gain on every task."""
    from rich.console import Console

    from evolve import runs
    from evolve.lineage import resolve
    from evolve.records import Record
    from evolve.report import difference, picture
    from sandbox import Graph
    from sandbox.preview import SEEN, curve

    def known(prefix: str) -> Record:
        found = ledger.of(resolve(ledger, prefix))
        record = next((each for each in found if each.admission), None)
        if record is None:
            raise RunError(f"{prefix}: was never admitted ({found[0].outcome}); name another")
        return record

    with closing(runs.find(name, folder).ledger()) as ledger:
        first, second = known(program), known(other)
    if as_json:
        print(json.dumps([asdict(first), asdict(second)], indent=2))
        return
    console = Console()
    console.print(difference.difference(first, second))
    values = [
        curve(Graph.from_json(each.admission.graph)).tolist()
        for each in (first, second)
        if each.admission
    ]
    console.print(picture.curves(SEEN.tolist(), values[0], values[1], "line: first, dots: second"))
