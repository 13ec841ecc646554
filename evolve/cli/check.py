"""`evolve check`: would the sandbox admit these programs?"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from evolve.cli.options import Json


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Python files.")],
    as_json: Json = False,
) -> None:
    """Say of each program whether the sandbox admits it: why not, or what it costs.

    A file holds `def activation(x, beta=1.0): ...`, whose float defaults are trainable scalars, or
    `class Activation(nn.Module)`. Nothing in it is executed. Exit code 1 if any is refused.
    """
    from evolve.evaluators.zygotes import nursery

    nursery()
    from rich.console import Console

    from evolve.cli.programs import read_program
    from evolve.config import SandboxTable
    from evolve.evaluators.admission import Admissions
    from evolve.records import Refusal
    from evolve.report import picture, programs
    from sandbox import Graph
    from sandbox.latex import latex

    sources = {path: read_program(path) for path in files}
    console = Console()
    rows: list[dict[str, Any]] = []
    with closing(Admissions(SandboxTable())) as admissions:
        for path, source in sources.items():
            program, verdict = admissions.admit(source)
            refused = isinstance(verdict, Refusal)
            row = {"file": str(path), "program": program.id, "admitted": not refused}
            row |= asdict(verdict)
            if not isinstance(verdict, Refusal):
                row["latex"] = latex(Graph.from_json(verdict.graph))
            rows.append(row)
            if as_json:
                continue
            console.print(programs.verdict(str(path), program, verdict))
            if not isinstance(verdict, Refusal):
                curve = admissions.curve(verdict)
                console.print(picture.curves(curve.x, curve.values, curve.slopes))
                console.print(
                    f"LaTeX: {row['latex']}\n", markup=False, highlight=False, soft_wrap=True
                )
    if as_json:
        print(json.dumps(rows, indent=2))
    if not all(row["admitted"] for row in rows):
        raise typer.Exit(1)
