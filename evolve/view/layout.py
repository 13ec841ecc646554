"""What stands where on the page, and how it looks on light and on dark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_cytoscape as cyto  # type: ignore[import-untyped]
from dash import dcc, html

VIEWS = {
    "overview": "Overview", "programs": "Programs", "lineage": "Lineage", "archive": "Archive",
    "gallery": "Gallery", "front": "Pareto front", "compare": "Compare", "cost": "Cost",
}  # fmt: skip

COLOURS = ("operator", "island", "family", "fitness")

STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 1rem auto; max-width: 78rem; padding: 0 1rem;
  background: Canvas; color: CanvasText; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; } h3 { font-size: 1rem; }
nav { display: flex; flex-wrap: wrap; gap: .3rem; margin: .8rem 0; }
button { font: inherit; color: inherit; background: transparent; cursor: pointer;
  border: 1px solid color-mix(in srgb, CanvasText 30%, Canvas); border-radius: .3rem;
  padding: .2rem .7rem; }
button[aria-current=true] { background: #3b82c4; color: white; }
button:focus-visible, select:focus-visible, input:focus-visible,
summary:focus-visible, a:focus-visible {
  outline: 3px solid #d9822b; }
td a { color: inherit; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 500; opacity: .7; }
th, td { padding: .15rem 1rem .15rem 0; }
pre { background: color-mix(in srgb, CanvasText 7%, Canvas); padding: .7rem; overflow-x: auto;
  white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
label { margin-right: 1rem; } input, select { font: inherit; }
.columns:has(#panel:not(:empty)) { display: grid; gap: 1.5rem;
  grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
#panel { align-self: start; position: sticky; top: 0; max-height: 100vh; overflow: auto; }
@media (max-width: 60rem) {
  .columns:has(#panel:not(:empty)) { display: flex; flex-direction: column-reverse; } }
.dash-dropdown, .dash-dropdown-content, .dash-dropdown-option, .dash-dropdown-search-container,
.dash-input-container, .dash-input-element { background: Canvas !important;
  color: CanvasText !important; }
.dash-dropdown, .dash-input-container { border-color: color-mix(in srgb, CanvasText 40%, Canvas)
  !important; }
.dash-dropdown svg { color: CanvasText; fill: currentColor; }
.dash-dropdown-value, .dash-dropdown-placeholder { color: CanvasText !important; }
#net-frame:not(:empty) { height: 26rem; background: white;
  border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
"""

_NET = [
    {"selector": "node", "style": {
        "label": "data(label)", "text-wrap": "wrap", "font-size": 11, "width": 22, "height": 22,
        "background-color": "data(colour)", "text-valign": "center", "text-halign": "right",
        "text-margin-x": 5, "text-justification": "left", "color": "#222",
        "text-background-color": "white", "text-background-opacity": 0.85}},
    {"selector": ".chosen", "style": {"border-width": 4, "border-color": "#d9822b"}},
    {"selector": "edge", "style": {
        "width": 1.5, "line-color": "#999", "target-arrow-shape": "triangle",
        "target-arrow-color": "#999", "curve-style": "bezier"}},
]  # fmt: skip


def layout(names: Sequence[str], view: Sequence[Any], told: Any) -> Any:
    """The whole page with its first view; what changes is filled in by callbacks."""
    tabs = [html.Button(title, id={"view": key}) for key, title in VIEWS.items()]
    return html.Main([
        html.H1("activolve"),
        html.Div([
            _labelled("Run", dcc.Dropdown(list(names), names[0], id="run", clearable=False)),
            _labelled("Operator", dcc.Dropdown([], None, id="operator", placeholder="all")),
            _labelled("Program", dcc.Input(id="search", placeholder="id begins ...")),
            _labelled("Colour", dcc.Dropdown(
                list(COLOURS), COLOURS[0], id="colour", clearable=False)),
        ], style={"display": "grid", "gridTemplateColumns": "repeat(auto-fit, minmax(12rem, 1fr))",
                  "gap": "1rem"}),
        html.Nav(tabs),
        html.Div(told, id="told", role="status"),
        html.Div([
            html.Div([html.Div(list(view), id="view"), html.Div(id="net-frame")]),
            html.Section(id="panel"),
        ], className="columns"),
        dcc.Store(id="shown", data="overview"),
        dcc.Store(id="chosen"),
        dcc.Location(id="address", refresh=False),
        dcc.Store(id="count", data=0),
        dcc.Interval(id="tick", interval=1500),
    ])  # fmt: skip


def network(elements: Sequence[Any]) -> Any:
    """The picture of a lineage, from parents down to children."""
    return cyto.Cytoscape(
        id={"net": "lineage"}, elements=list(elements), stylesheet=_NET, responsive=True,
        layout={"name": "dagre", "padding": 40, "fit": True, "nodeSep": 110},
        minZoom=0.1, maxZoom=2, style={"width": "100%", "height": "26rem"},
    )  # fmt: skip


def _labelled(text: str, control: Any) -> Any:
    return html.Div([html.Label(text, htmlFor=control.id), control])
