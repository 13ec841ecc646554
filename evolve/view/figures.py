"""Figures of the page, drawn by Plotly in the browser; their words are escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from evolve.database.front import objectives
from evolve.descriptor import describe
from evolve.records import Record
from evolve.report.words import plainly
from evolve.runs import Run
from evolve.view.survey import Survey
from sandbox import Graph, MalformedGraph
from sandbox.arrays import outputs
from sandbox.differentiation import differentiate
from sandbox.preview import SEEN

GALLERY = 24
_CELLS = 10  # of an axis of the heat map
_GREY = "#808080"  # readable on light and on dark


def word(text: str) -> str:
    """Words of others for Plotly, which reads tags."""
    return escape(plainly(text, 80))


def framed(figure: go.Figure, x: str = "", y: str = "", height: int = 320) -> go.Figure:
    """The figure in the page's own plain frame."""
    figure.update_layout(
        height=height, margin={"l": 60, "r": 20, "t": 30, "b": 50}, paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)", font={"color": _GREY}, xaxis_title=x, yaxis_title=y,
        uirevision="kept",
    )  # fmt: skip
    figure.update_xaxes(gridcolor="rgba(128,128,128,.25)", zerolinecolor=_GREY)
    figure.update_yaxes(gridcolor="rgba(128,128,128,.25)", zerolinecolor=_GREY)
    return figure


def progress(surveys: Mapping[str, Survey]) -> go.Figure:
    """The best so far of every run."""
    figure = go.Figure()
    for name, survey in surveys.items():
        steps, best = survey.progress()
        figure.add_scatter(x=steps, y=best, name=word(name), line_shape="hv", mode="lines+markers")
    return framed(figure, "records", "best fitness, as searched (0 is GELU)")


def cloud(survey: Survey, operator: str | None) -> go.Figure:
    """Scored trials by who proposed them; a point names its program."""
    figure = go.Figure()
    found = survey.cloud(operator)
    for name in sorted({each.operator for each in found}):
        own = [each for each in found if each.operator == name]
        figure.add_scatter(
            x=[each.record for each in own], y=[each.fitness for each in own], mode="markers",
            name=word(name), customdata=[each.program for each in own],
            text=[each.program for each in own], hoverinfo="text+y", marker={"size": 6},
        )  # fmt: skip
    return framed(figure, "record", "fitness")


def archive(run: Run, records: Sequence[Record]) -> go.Figure:
    """The fittest programs as niches, an island each, over the run's first two axes."""
    config = run.config
    axes = tuple(config.database.descriptors)[:2]
    count = config.database.islands
    columns = min(3, count)
    rows = -(-count // columns)
    titles = [f"island {number}" for number in range(count)]
    figure = make_subplots(
        rows, columns, subplot_titles=titles, x_title=axes[0], y_title=axes[1] if axes[1:] else "",
        shared_xaxes=True, shared_yaxes=True, vertical_spacing=0.2 / rows,
    )  # fmt: skip
    for number in range(count):
        own = [each for each in records if each.island == number]
        row, column = number // columns + 1, number % columns + 1
        figure.add_trace(_niches(own, axes, config.sandbox.flops), row, column)
    figure.update_layout(coloraxis={"colorscale": "Viridis"})
    return framed(figure, height=330 * rows + 60)


def _niches(records: Sequence[Record], axes: tuple[str, ...], flops: float) -> go.Heatmap:
    heights: list[list[float | None]] = [[None] * _CELLS for _ in range(_CELLS)]
    names = [[""] * _CELLS for _ in range(_CELLS)]
    for record in records:  # the fittest first
        if record.individual is None:
            continue
        point = describe(record.individual.admission, axes, flops)
        column, row = ([min(_CELLS - 1, int(each * _CELLS)) for each in point] + [0])[:2]
        if not names[row][column]:
            heights[row][column] = record.individual.evaluation.fitness
            names[row][column] = record.individual.program.id
    middles = [(each + 0.5) / _CELLS for each in range(_CELLS)]
    return go.Heatmap(
        x=middles, y=middles, z=heights, text=names, coloraxis="coloraxis",
        hovertemplate="%{text}<br>fitness %{z:.3f}<extra></extra>",
    )  # fmt: skip


def front(records: Sequence[Record]) -> go.Figure:
    """Gain out of distribution over cost: those that nothing beats at both are joined."""
    points = []
    for record in records:
        individual = record.individual
        if individual is not None:
            _, outside, _ = objectives(individual)
            points.append((individual.admission.flops, outside, individual.program.id))
    points.sort(key=lambda each: (each[0], -each[1]))
    best, edge = float("-inf"), []
    for point in points:
        if point[1] > best:
            best = point[1]
            edge.append(point)
    figure = go.Figure()
    for name, shown, mode in (("programs", points, "markers"), ("front", edge, "lines+markers")):
        figure.add_scatter(
            x=[each[0] for each in shown], y=[each[1] for each in shown], mode=mode, name=name,
            text=[each[2] for each in shown], customdata=[each[2] for each in shown],
            line_shape="hv",
        )  # fmt: skip
    return framed(figure, "FLOPs an element", "gain out of distribution", height=460)


def throughput(survey: Survey) -> go.Figure:
    """Records a minute, while the run was at work."""
    minutes, rate = survey.throughput()
    return framed(go.Figure(go.Bar(x=minutes, y=rate)), "minutes at work", "records a minute")


def curve(records: Mapping[str, Record]) -> go.Figure:
    """Functions, and of one alone its slope, too."""
    figure = go.Figure()
    for name, record in records.items():
        values = _values(record)
        if values:
            figure.add_scatter(x=SEEN.tolist(), y=values[0], name=word(name))
        if values and len(records) == 1:
            figure.add_scatter(x=SEEN.tolist(), y=values[1], name="f'", line={"dash": "dot"})
    return framed(figure, "x", "f(x)")


def gallery(records: Sequence[Record]) -> go.Figure:
    """The fittest functions, small, side by side."""
    shown = list(records[:GALLERY])
    titles = [
        f"{each.program.id if each.program else ''} {each.evaluation.fitness:+.3f}"
        for each in shown
        if each.evaluation
    ]
    rows = max(1, -(-len(shown) // 4))
    figure = make_subplots(rows, 4, subplot_titles=titles, vertical_spacing=0.4 / (rows + 1))
    for place, record in enumerate(shown):
        values = _values(record)
        if values:
            figure.add_scatter(
                x=SEEN.tolist(), y=values[0], row=place // 4 + 1, col=place % 4 + 1,
                showlegend=False, line={"color": "#3b82c4"},
            )  # fmt: skip
    figure.update_annotations(font_size=11)
    return framed(figure, height=170 * rows + 60)


def _values(record: Record) -> tuple[list[float], list[float]] | None:
    if record.admission is None:
        return None
    try:
        value, slope, *_ = outputs(differentiate(Graph.from_json(record.admission.graph)), SEEN)
    except (MalformedGraph, ValueError):
        return None  # damaged, or not pointwise: there is nothing to draw
    return value.tolist(), slope.tolist()
