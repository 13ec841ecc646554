"""Curves drawn in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

WIDTH, HEIGHT = 60, 12  # characters


def curves(x: Sequence[float], values: Sequence[float], slopes: Sequence[float]) -> Text:
    """F and f' over x, in Braille dots."""
    import plotille

    figure = plotille.Figure()
    figure.width, figure.height = WIDTH, HEIGHT
    figure.color_mode = "names"
    figure.x_label, figure.y_label = "x", "line: f, dots: f'"
    figure.register_label_formatter(float, _tick)
    figure.set_x_limits(min(x), max(x))
    figure.plot(x, values, lc="cyan")
    # A colour alone would not tell them apart on every terminal.
    figure.plot(x[::4], slopes[::4], lc="magenta", interp=None, marker="·")
    return Text.from_ansi(figure.show())


def _tick(value: float, chars: int, **_: object) -> str:
    return f"{value:.2f}".ljust(chars)
