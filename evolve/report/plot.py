"""Anytime curves: in a terminal by plotille, in a page by matplotlib where it is installed."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from types import MappingProxyType

from rich.text import Text

from evolve.report.comparison import Anytime, Comparison, by_dollars, by_evaluations, by_seconds

WIDTH, HEIGHT = 56, 14  # characters
COLOURS = ("cyan", "magenta", "yellow", "green", "red", "blue", "white")

BEGINNING = 5  # a fifth: how low it all began would hide how it went on

Curve = Callable[[Comparison, str], Anytime]
PANELS: Mapping[str, Curve] = MappingProxyType(
    {"evaluations": by_evaluations, "seconds": by_seconds, "dollars": by_dollars}
)


def curves(comparison: Comparison) -> Text:
    """The best so far of every arm over evaluations, in Braille dots; none before two points."""
    import plotille

    if comparison.evaluations < 2:
        return Text("")
    drawn = plotille.Figure()
    drawn.width, drawn.height = WIDTH, HEIGHT
    drawn.color_mode = "names"
    drawn.x_label, drawn.y_label = "evaluations", "best so far"
    drawn.register_label_formatter(float, tick)
    drawn.set_x_limits(1.0, float(comparison.evaluations))
    for index, arm in enumerate(comparison.favourites):
        found = by_evaluations(comparison, arm)
        drawn.plot(found.used, found.mean, lc=COLOURS[index % len(COLOURS)], label=arm)
    return Text.from_ansi(drawn.show(legend=True))


def figure(comparison: Comparison) -> str | None:
    """The same with bands, over evaluations, seconds and, if any were spent, dollars, as SVG.

    None where matplotlib is not installed, or there is nothing to draw.
    """
    try:
        import matplotlib as mpl
    except ImportError:
        return None
    from matplotlib.figure import Figure

    if comparison.evaluations < 2:
        return None
    panels = {n: c for n, c in PANELS.items() if n != "dollars" or comparison.dollars is not None}
    drawn = Figure(figsize=(5.2 * len(panels), 4.0), layout="constrained")
    for axes, (name, curve) in zip(drawn.subplots(1, len(panels)), panels.items(), strict=True):
        lowest = 0.0
        for index, arm in enumerate(comparison.tracks):
            found = curve(comparison, arm)
            axes.plot(found.used, found.mean, color=f"C{index}", label=arm, drawstyle="steps-post")
            axes.fill_between(
                found.used, found.low, found.high, step="post", color=f"C{index}", alpha=0.15,
                linewidth=0,
            )  # fmt: skip
            lowest = min(lowest, float(found.low[len(found.used) // BEGINNING]))
        axes.set_ylim(bottom=lowest - 0.02)
        axes.axhline(0.0, color="grey", linewidth=0.8, linestyle=":")
        axes.set_xlabel(name)
        axes.set_ylabel("best fitness so far (0 is GELU)")
    drawn.axes[0].legend(frameon=False)
    text = io.StringIO()
    # A hash salt and no date: the same comparison draws the same file.
    with mpl.rc_context({"svg.hashsalt": "activolve", "svg.fonttype": "none"}):
        drawn.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()[text.getvalue().index("<svg") :]


def tick(value: float, chars: int, **_: object) -> str:
    """A number on an axis."""
    return f"{value:.2f}".ljust(chars)
