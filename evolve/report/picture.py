"""Curves drawn in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rich.text import Text

from evolve.sketch import Sketch

WIDTH, HEIGHT = 60, 12  # characters
_SMALL = (24, 4)


def curves(
    x: Sequence[float],
    values: Sequence[float],
    slopes: Sequence[float],
    label: str = "line: f, dots: f'",
) -> Text:
    """F and f' over x, or two functions, in Braille dots."""
    import plotille

    figure = plotille.Figure()
    figure.width, figure.height = WIDTH, HEIGHT
    figure.color_mode = "names"
    figure.x_label, figure.y_label = "x", label
    figure.register_label_formatter(float, _tick)
    figure.set_x_limits(float(min(x)), float(max(x)))
    figure.plot(x, values, lc="cyan")
    # A colour alone would not tell them apart on every terminal.
    figure.plot(x[::4], slopes[::4], lc="magenta", interp=None, marker="·")
    return Text.from_ansi(figure.show())


def abreast(functions: Sequence[Sequence[float]], gap: str = "     ") -> Text:
    """Functions side by side, small and without axes, on one scale."""
    import plotille

    low, high = (bound(map(bound, functions)) for bound in (min, max))
    small = []
    for values in functions:
        canvas = plotille.Canvas(*_SMALL, ymin=low, ymax=high if high > low else low + 1)
        step = 1 / (len(values) - 1)
        for place, (start, end) in enumerate(pairwise(values)):
            canvas.line(place * step, start, (place + 1) * step, end)
        small.append(canvas.plot().splitlines())
    return Text("\n".join(gap.join(row) for row in zip(*small, strict=True)), no_wrap=True)


def regions(sketch: Sketch) -> Text:
    """A task's points in distribution, as dots, and after the shift, as crosses."""
    import plotille

    figure = plotille.Figure()
    figure.width, figure.height = WIDTH, HEIGHT + 4
    figure.color_mode = "names"
    figure.x_label, figure.y_label = sketch.labels
    figure.register_label_formatter(float, _tick)
    figure.scatter(sketch.outside.x, sketch.outside.y, lc="magenta", marker="x")
    if sketch.curve:
        figure.plot(sketch.inside.x, sketch.inside.y, lc="cyan")
    else:
        figure.scatter(sketch.inside.x, sketch.inside.y, lc="cyan")
    shape = "line" if sketch.curve else "dots"
    return Text.from_ansi(figure.show()).append(f"\n{shape}: ID, x: OOD")


def _tick(value: float, chars: int, **_: object) -> str:
    return f"{value:.2f}".ljust(chars)
