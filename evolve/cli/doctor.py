"""`evolve doctor`: what works on this machine, and what to do about the rest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import typer

from evolve.cli.options import Json


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    well: bool
    seen: str
    remedy: str = ""


def doctor(as_json: Json = False) -> None:
    """Say what works on this machine: isolation, PyTorch, Ray, the embedded model, keys.

    Exit code 1 if something that a default run needs is missing.
    """
    from rich.console import Console

    findings = [
        _isolation(),
        _installed("PyTorch", "torch"),
        _installed("Ray", "ray"),
        _embedded(),
        _keys(),
    ]
    if as_json:
        print(json.dumps([asdict(each) for each in findings], indent=2))
    else:
        console = Console(highlight=False)
        for each in findings:
            mark = "[green]well[/]" if each.well else "[red]lacks[/]"
            console.print(f"{mark:<6}  [bold]{each.what}[/]: {each.seen}")
            if each.remedy:
                console.print(f"        {each.remedy}")
    if not all(each.well for each in findings):
        raise typer.Exit(1)


def _isolation() -> Finding:
    from sandbox.confine import ZygoteDied, self_test

    try:
        found = self_test()
    except ZygoteDied as error:
        return Finding(
            "isolation", well=False, seen="the sandbox does not start", remedy=str(error)
        )
    level = str(found.level)
    return Finding(
        "isolation",
        well=level != "graph",
        seen=f"level {level}. {' '.join(found.reasons)}".strip(),
        remedy=""
        if level == "full"
        else "Programs are never executed at any level; on Linux 5.13 or newer all layers hold.",
    )


def _installed(what: str, package: str) -> Finding:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return Finding(what, well=True, seen=version(package))
    except PackageNotFoundError:
        remedy = f"pip install --constraint constraints.txt {package}"
        return Finding(what, well=False, seen="not installed", remedy=remedy)


def _embedded() -> Finding:
    from evolve.errors import ModelError
    from evolve.models.weights import EMBEDDED, locate, require_runtime

    try:
        require_runtime()
        found = [f"local:{name} ({locate(name).stat().st_size >> 20} MiB)" for name in EMBEDDED]
    except ModelError as error:
        return Finding("embedded model", well=False, seen="not usable", remedy=str(error))
    return Finding("embedded model", well=True, seen=", ".join(found))


def _keys() -> Finding:
    import os
    from pathlib import Path

    from evolve.models.keys import read_keys

    read_keys(Path.cwd())
    named = sorted(name for name in os.environ if name.endswith("_API_KEY"))
    return Finding("keys in the environment or in .env", well=True, seen=", ".join(named) or "none")
