"""A run as one self-contained page for a reader, and its figures as PNG and SVG for a paper."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evolve.errors import ConfigError
from evolve.records import Record
from evolve.report import read
from evolve.report.summary import Find, Summary
from evolve.report.tables import against_gelu, budget, controls, interval, maker
from evolve.report.words import plainly
from evolve.runs import Run
from evolve.view.survey import Survey
from sandbox import Graph, MalformedGraph
from sandbox.arrays import outputs
from sandbox.differentiation import differentiate
from sandbox.latex import latex
from sandbox.preview import SEEN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BEST = 8
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 Georgia, serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  background: Canvas; color: CanvasText; }
table { border-collapse: collapse; font: 14px/1.4 system-ui, sans-serif; }
th, td { text-align: left; padding: .25rem 1.2rem .25rem 0;
  border-bottom: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
pre { background: color-mix(in srgb, CanvasText 7%, Canvas); padding: .8rem; white-space: pre-wrap;
  overflow-wrap: anywhere; unicode-bidi: plaintext; }
figure { margin: 1rem 0; background: white; color: black; } svg { max-width: 100%; height: auto; }
"""


def write(run: Run, folder: Path) -> list[Path]:
    """Writes `report.html` and the figures into `folder`; gives all paths, the page's first.

    Raises:
        ConfigError: matplotlib is not installed, the folder holds a report already, or cannot be
            written.
        RunError: the run's ledger cannot be read.
    """
    survey, summary, best = _looked_at(run)
    figures = dict(_figures(survey, summary, best))
    page = folder / "report.html"
    written = [page]
    if page.exists():
        raise ConfigError(f"{page}: exists already; --out names another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with page.open("x", encoding="utf-8") as file:
            file.write(_page(summary, best, {name: _svg(each) for name, each in figures.items()}))
        for name, figure in figures.items():
            for ending in ("png", "svg"):
                path = folder / f"{name}.{ending}"
                figure.savefig(path, dpi=200, metadata={"Date": None} if ending == "svg" else None)
                written.append(path)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written ({error.strerror})") from None
    return written


def drawn(run: Run) -> dict[str, Figure]:
    """The figures alone, by name: the best so far, the front, the best functions.

    Raises:
        ConfigError: matplotlib is not installed.
        RunError: the run's ledger cannot be read.
    """
    return dict(_figures(*_looked_at(run)))


def _looked_at(run: Run) -> tuple[Survey, Summary, list[Record]]:
    survey, summary = Survey(run), read(run, _BEST)
    survey.refresh()
    return survey, summary, survey.births([each.id for each in summary.finds])


def _figures(
    survey: Survey, summary: Summary, best: Sequence[Record]
) -> Iterator[tuple[str, Figure]]:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ConfigError("figures need matplotlib: pip install 'activolve[view]'") from None
    progress = Figure(figsize=(6, 3.4), layout="constrained")
    axes = progress.subplots()
    axes.plot(*survey.progress(), drawstyle="steps-post")
    axes.axhline(0.0, color="grey", linewidth=0.8, linestyle=":")
    axes.set(xlabel="records", ylabel="best fitness so far (0 is GELU)")
    yield "progress", progress
    front = Figure(figsize=(6, 3.4), layout="constrained")
    axes = front.subplots()
    costs, inside, outside = (
        [getattr(each, name) for each in summary.front] for name in ("flops", "inside", "outside")
    )
    axes.plot(costs, inside, "o", label="in distribution")
    axes.plot(costs, outside, "x", label="out of it")
    axes.set(xlabel="FLOPs an element", ylabel="mean gain over GELU, log10")
    axes.legend(frameon=False)
    yield "front", front
    yield from _functions(best)


def _functions(best: Sequence[Record]) -> Iterator[tuple[str, Figure]]:
    from matplotlib.figure import Figure

    curves = {each.program.id: _curve(each) for each in best if each.program}
    drawable = {name: curve for name, curve in curves.items() if curve}
    if not drawable:
        return
    figure = Figure(figsize=(9, 2.4 * -(-len(drawable) // 4)), layout="constrained")
    places = figure.subplots(-(-len(drawable) // 4), 4, squeeze=False).flat
    for axes, (name, (values, slopes)) in zip(places, drawable.items(), strict=False):
        axes.plot(SEEN, values, label="f")
        axes.plot(SEEN, slopes, ":", label="f'")
        axes.set_title(plainly(name).replace("$", ""), fontsize=9)
    figure.axes[0].legend(frameon=False, fontsize=8)
    for axes in figure.axes[len(drawable) :]:
        axes.set_axis_off()
    yield "functions", figure


def _curve(record: Record) -> tuple[Any, Any] | None:
    graph = _graph(record)
    if graph is None:
        return None
    values, slopes, *_ = outputs(differentiate(graph), SEEN)
    return values, slopes


def _graph(record: Record) -> Graph | None:
    try:
        graph = Graph.from_json(record.admission.graph) if record.admission else None
    except MalformedGraph:
        return None
    return graph if graph is not None and graph.scope == "pointwise" else None


def _svg(figure: Figure) -> str:
    import matplotlib as mpl

    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "activolve", "svg.fonttype": "none"}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()[text.getvalue().index("<svg") :]


def _page(summary: Summary, best: Sequence[Record], drawn: Mapping[str, str]) -> str:
    name = _text(Path(summary.path).name)
    figures = "".join(
        f"<h2>{title}</h2><figure>{drawn[key]}</figure>"
        for key, title in (
            ("progress", "Best so far, as the search saw it"),
            ("functions", "The best functions and their slopes"),
            ("front", "The Pareto front"),
        )
        if key in drawn
    )
    said = f"{controls(summary).plain}\n{budget(summary).plain}".strip()
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'unsafe-inline'\"><style>{_STYLE}</style></head><body><h1>{name}</h1>"
        f"<p>Status: {_text(summary.status)}. Fitness is log10 of GELU's error over a program's in "
        "the typical family of tasks: 0 is GELU. The figure to believe is the one on fresh seeds, "
        f"with its 95 % interval.</p>{_finds(summary.finds)}{figures}"
        f"<h2>Controls and budget</h2><pre>{_text(said)}</pre>"
        f"<h2>Sources</h2>{''.join(map(_source, best))}</body></html>\n"
    )


def _finds(finds: Sequence[Find]) -> str:
    head = ("program", "by", "search", "fresh seeds, 95 %", "error vs GELU", "FLOPs")
    rows = [
        (each.id, maker(each.operator, each.note), f"{each.fitness:+.3f}",
         interval(each.again) if each.again else "-", against_gelu(each.believed),
         f"{each.flops:g}")
        for each in finds
    ]  # fmt: skip
    body = "".join(f"<tr>{''.join(f'<td>{_text(c)}</td>' for c in row)}</tr>" for row in rows)
    titles = "".join(f"<th>{each}</th>" for each in head)
    return f"<h2>What was found</h2><table><tr>{titles}</tr>{body}</table>"


def _source(record: Record) -> str:
    graph = _graph(record)
    name = record.program.id if record.program else ""
    source = record.admission.canonical if record.admission else ""
    formula = f"\n{latex(graph)}" if graph else ""
    return f"<h3>{_text(name)}</h3><pre>{_text(source + formula)}</pre>"


def _text(words: str) -> str:
    return escape(plainly(words))
