"""`evolve export`: a find as a file for other libraries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evolve.cli.options import RUNS, Program, RunName, Runs


def export(
    name: RunName,
    program: Program,
    form: Annotated[
        str, typer.Option("--to", help="torch, onnx, jax, keras, numpy, latex or sympy.")
    ] = "torch",
    out: Annotated[
        Path | None, typer.Option(help="The file; activation_PROGRAM_FORM, if none.")
    ] = None,
    folder: Runs = RUNS,
) -> None:
    """Write a program as a drop-in activation: a file that needs nothing of ours.

    It says where it comes from, what it was worth and what it costs, and the gain of initial
    weights that suits it. Before it is written, its values and slopes are compared with those of
    the function that was trained, in a fresh process. onnx, jax and keras want the extra `export`.
    """
    from evolve import export as exports
    from evolve import runs

    origin = exports.origin(runs.find(name, folder), program)
    path, difference = exports.write(origin, form, out)
    checked = "" if difference is None else f"; values and slopes checked, within {difference:.1g}"
    print(f"Wrote {path}{checked}.")
