"""The function of a program for a terminal: f and f' drawn, and the formula as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from evolve.records import Record
from evolve.report import picture
from evolve.report.words import plainly

_NEAR = 4.0  # where most of what an activation sees lies


def function(record: Record) -> list[float]:
    """The function around 0; nothing where it cannot be drawn."""
    from sandbox import Graph, MalformedGraph
    from sandbox.preview import SEEN, curve

    try:
        graph = Graph.from_json(record.admission.graph) if record.admission else None
    except MalformedGraph:
        return []
    if graph is None or graph.scope != "pointwise":
        return []
    return [value for x, value in zip(SEEN, curve(graph).tolist(), strict=True) if abs(x) <= _NEAR]


def portrait(found: Sequence[Record]) -> RenderableType:
    """The curve and the formula; a remark where a program has none."""
    from sandbox import Graph, MalformedGraph
    from sandbox.arrays import outputs
    from sandbox.differentiation import differentiate
    from sandbox.latex import latex
    from sandbox.preview import SEEN

    admission = next((each.admission for each in found if each.admission), None)
    if admission is None:
        return Text()
    try:
        graph = Graph.from_json(admission.graph)
    except MalformedGraph as error:
        return Text(f"Its graph is damaged: {plainly(str(error))}", "red")
    if graph.scope != "pointwise":
        return Text("It looks at more than its own element, so it has no curve.", "dim")
    values, slopes, *_ = (each.tolist() for each in outputs(differentiate(graph), SEEN))
    return Group(picture.curves(SEEN.tolist(), values, slopes), Text(f"LaTeX: {latex(graph)}\n"))
