"""`evolve try`: a find in a network of one's own."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from evolve.cli.options import RUNS, Json, Program, RunName, Runs
from evolve.errors import ConfigError


def trying(
    name: RunName,
    program: Program,
    model: Annotated[
        str, typer.Option(metavar="PACKAGE:FUNCTION", help="What builds your torch.nn.Module.")
    ],
    shape: Annotated[
        str | None,
        typer.Option("--input", metavar="N,N,...", help="Shape of a trial input, e.g. 8,3,32,32."),
    ] = None,
    folder: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Put a program for every activation of your own network, and run it once.

    Says what was swapped, how many parameters there are before and after, and whether a pass
    forward and backward stays finite. Nothing is written. Your network's code is run as it is.
    """
    from evolve.export.module import Evolved
    from evolve.export.origin import origin
    from evolve.export.swap import build, swap
    from evolve.runs import find

    sizes = _sizes(shape)
    found = origin(find(name, folder), program)
    done = swap(build(model), Evolved(found), sizes)
    if as_json:
        print(json.dumps(asdict(done), indent=2))
    else:
        for place, kind in done.swapped:
            print(f"{place}: {kind} -> {found.id}")
        finite = "all finite" if done.finite else "not all finite: it may not train so"
        print(f"parameters: {done.before:,} -> {done.after:,}")
        print(f"a pass forward and backward: {done.given} -> {done.came}, {finite}")
        print(f"in Python: evolve.load({f'{found.run}/{found.id}'!r})")
    if not done.finite:
        raise typer.Exit(1)


def _sizes(shape: str | None) -> tuple[int, ...]:
    if shape is None:
        return ()
    words = shape.split(",")
    if not all(word.strip().isdecimal() and int(word) for word in words):
        raise ConfigError(f"--input {shape}: wanted positive whole numbers, e.g. 8,3,32,32")
    return tuple(map(int, words))
