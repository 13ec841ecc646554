"""Pictures as PNG files, through matplotlib: the extra `view`."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import Any

from evolve.errors import RunError
from evolve.report.comparison import Comparison, by_evaluations
from evolve.sketch import Sketch
from evolve.standing import ID, OOD, Table

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
"""Told apart by everyone (Okabe & Ito 2008)."""
_BLUE, _RED, *_ = _COLOURS
_LOWEST = -0.3  # fitness from which a search's curve is of interest


def demand(path: Path) -> None:
    """Makes sure that a picture can be written to `path`, before anything is measured for it.

    Raises:
        RunError: the name does not end in .png, its folder is missing, or matplotlib is.
    """
    if path.suffix.lower() != ".png":
        raise RunError(f"--plot {path}: want a name that ends in .png")
    if path.is_dir() or not path.parent.is_dir():
        raise RunError(f"--plot {path}: {path.parent} is no folder, or {path} is one")
    if find_spec("matplotlib") is None:
        raise RunError("--plot wants matplotlib: pip install 'activolve[view]'")


def standings(table: Table, path: Path) -> None:
    """Draws fitness with its intervals, and the scores of families, the best on top.

    Raises:
        RunError: the file cannot be written.
    """
    figure, (left, right) = _canvas(2, 0.3 * len(table.standings) + 1.6)
    found = table.standings[::-1]
    rows = range(len(found))
    fitness = [each.fitness for each in found]
    below = [each.fitness - each.interval[0] for each in found]
    above = [each.interval[1] - each.fitness for each in found]
    left.errorbar(fitness, rows, xerr=[below, above], fmt="o", color=_BLUE, capsize=2)
    left.axvline(0.0, color="grey", linewidth=0.8)
    left.set_yticks(rows, [each.name for each in found])
    left.set_xlabel("fitness (0 is GELU), 95 % over tasks and seeds")
    for side, colour, marker in ((ID, _BLUE, "o"), (OOD, _RED, "x")):
        for row, each in zip(rows, found, strict=True):
            scores = [sides[side].value for sides in each.families.values()]
            label = side if row == 0 else None
            right.plot(scores, [row] * len(scores), marker, color=colour, label=label)
    right.set_yticks(rows, [""] * len(found))
    right.set_xlabel("score, a mark a family")
    right.legend()
    _write(figure, path)


def tracks(found: Comparison, path: Path) -> None:
    """Draws the best so far of every arm over evaluations, with its 95 % band over repeats.

    Raises:
        RunError: the file cannot be written.
    """
    figure, (axes,) = _canvas(1, 4.0)
    for arm, colour in zip(found.favourites, cycle(_COLOURS), strict=False):
        curve = by_evaluations(found, arm)
        axes.plot(curve.used, curve.mean, color=colour, label=arm)
        axes.fill_between(curve.used, curve.low, curve.high, color=colour, alpha=0.15, linewidth=0)
    axes.axhline(0.0, color="grey", linewidth=0.8)
    axes.set_ylim(bottom=max(_LOWEST, axes.get_ylim()[0]))
    axes.set(xlabel="evaluations, founders apart", ylabel="best so far (0 is GELU), 95 %")
    axes.legend()
    _write(figure, path)


def regions(sketch: Sketch, path: Path) -> None:
    """Draws a task's points in distribution and after the shift.

    Raises:
        RunError: the file cannot be written.
    """
    figure, (axes,) = _canvas(1, 4.0)
    inside, outside = sketch.inside, sketch.outside
    axes.plot(inside.x, inside.y, "-" if sketch.curve else "o", ms=3, color=_BLUE, label=ID)
    axes.plot(outside.x, outside.y, "x", ms=4, color=_RED, label=OOD)
    title = f"{sketch.card.task}: {sketch.card.family}"
    axes.set(title=title, xlabel=sketch.labels[0], ylabel=sketch.labels[1])
    axes.legend()
    _write(figure, path)


def _canvas(columns: int, height: float) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.5 * columns + 1, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(1, columns, squeeze=False)[0]


def _write(figure: Any, path: Path) -> None:
    # Drawn whole before the file is touched: a failure leaves none, or the old one.
    from io import BytesIO

    drawn = BytesIO()
    figure.savefig(drawn, format="png", dpi=150)
    try:
        path.write_bytes(drawn.getvalue())
    except OSError as error:
        raise RunError(f"--plot {path}: cannot be written ({error.strerror})") from None
