"""`evolve fit`: a formula of a table, by one of the two neural-symbolic systems."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from evolve.cli.options import Json

_OWN = {
    "xnet": ("seconds", "nodes", "symbols"),
    "symbolnet": ("sparsity", "epochs", "batch", "unary", "binary", "layers", "device"),
}
"""Options that only one of the systems has."""


def fit(
    system: Annotated[str, typer.Argument(metavar="SYSTEM", help="xnet or symbolnet.")],
    data: Annotated[
        str,
        typer.Option(
            metavar="TABLE",
            help="A CSV or Parquet file of numbers, sklearn:NAME or openml:ID.",
        ),
    ],
    target: Annotated[str, typer.Option(metavar="COLUMN", help="The column to be explained.")],
    drop: Annotated[str, typer.Option(help="Columns that are no inputs, a,b,c.")] = "",
    classes: Annotated[
        bool, typer.Option("--classes", help="The target holds classes; words always are.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of all chance, held-out rows too.")] = 0,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="xnet: in all, if not exact before; 30.")
    ] = None,
    nodes: Annotated[
        int | None, typer.Option(min=3, max=255, help="xnet: most nodes of a tree; 31.")
    ] = None,
    symbols: Annotated[
        str | None, typer.Option(help="xnet: what nodes may be; add,sub,mul,div,sin,cos,...")
    ] = None,
    sparsity: Annotated[
        str | None,
        typer.Option(
            metavar="SHARES", help="symbolnet: e.g. input=0.8,weights=0.95,unary=0.4,binary=0.4."
        ),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="symbolnet: passes that train thresholds; 180.")
    ] = None,
    batch: Annotated[int | None, typer.Option(min=1, help="symbolnet: rows a step; 256.")] = None,
    unary: Annotated[int | None, typer.Option(min=1, help="symbolnet: unary slots; 20.")] = None,
    binary: Annotated[int | None, typer.Option(min=0, help="symbolnet: binary slots; 5.")] = None,
    layers: Annotated[
        int | None, typer.Option(min=1, max=4, help="symbolnet: symbolic layers; 1.")
    ] = None,
    device: Annotated[str | None, typer.Option(help="symbolnet: cpu or cuda; cpu.")] = None,
    as_json: Json = False,
) -> None:
    """Fit a formula to a table: X-Net grows one tree, SymbolNet prunes a network to targets.

    A fifth of the rows is held out and only measured on. Printed are the formula, R^2 or accuracy
    on both parts, how many numbers the formula holds, and its complexity: nodes in SymPy's
    preorder, a mean over classes.
    """
    from rich.console import Console

    from evolve.fits import extract as extracts
    from evolve.report.fitted import shown

    given = {
        "seconds": seconds, "nodes": nodes, "symbols": symbols, "sparsity": sparsity,
        "epochs": epochs, "batch": batch, "unary": unary, "binary": binary, "layers": layers,
        "device": device,
    }  # fmt: skip
    own = _own(system, {name: each for name, each in given.items() if each is not None})
    begin = _symbolnet if system == "symbolnet" else _xnet
    run = begin(own, seed)
    dropped = [name.strip() for name in drop.split(",") if name.strip()]
    found = run(extracts.read(data, target, dropped, classes=classes, seed=seed))
    if as_json:
        print(json.dumps(found.to_json(), indent=2))
    else:
        Console().print(shown(found))


def _own(system: str, given: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, all of which must be the system's own."""
    import difflib

    from evolve.errors import ConfigError

    if system not in _OWN:
        close = difflib.get_close_matches(system, _OWN, n=1)
        raise ConfigError(f"there is no system {system!r}; {_nearest(close)}")
    for name in given:
        if name not in _OWN[system]:
            own = ", ".join(f"--{each}" for each in _OWN[system])
            raise ConfigError(f"--{name} is no option of {system}, whose own are {own}")
    return given


def _nearest(close: list[str]) -> str:
    return f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(_OWN)}"


def _xnet(own: dict[str, Any], seed: int) -> Any:
    from evolve.fits import xnet
    from evolve.operators.xnet.symbols import STANDARD

    words = own.get("symbols")
    symbols = tuple(word.strip() for word in words.split(",")) if words else STANDARD
    xnet.check_symbols(symbols)
    return lambda extract: xnet.fit(
        extract, symbols, own.get("seconds", 30.0), own.get("nodes", 31), seed
    )


def _symbolnet(own: dict[str, Any], seed: int) -> Any:
    from evolve.cli.progress import counting
    from evolve.errors import ConfigError
    from evolve.fits import symbolnet
    from evolve.operators.symbolnet.training import Schedule

    targets = symbolnet.read_targets(
        own.get("sparsity", "input=0.5,weights=0.95,unary=0.4,binary=0.4")
    )
    device = own.get("device", "cpu")
    if device not in {"cpu", "cuda"}:
        raise ConfigError(f"--device {device!r}: want cpu or cuda")
    layout = symbolnet.Layout(**{n: own[n] for n in ("unary", "binary", "layers") if n in own})
    schedule = Schedule(**{n: own[n] for n in ("epochs", "batch") if n in own})

    def run(extract: Any) -> Any:
        symbolnet.demand(targets, layout, len(extract.names), len(extract.labels))
        with counting("passes", schedule.epochs + schedule.refining) as done:
            return symbolnet.fit(
                extract, targets, layout, schedule, seed, device, lambda _: done("")
            )

    return run
