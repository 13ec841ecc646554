"""The page's answers: each view is asked for when it is looked at, and again when a run grows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import dash_cytoscape as cyto  # type: ignore[import-untyped]
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from evolve.errors import EvolveError
from evolve.evaluators.exams import families
from evolve.ledger import Glimpse
from evolve.report.tables import against_gelu
from evolve.report.words import plainly
from evolve.runs import Run
from evolve.view import figures
from evolve.view.costs import costs
from evolve.view.kin import elements, kin
from evolve.view.layout import STYLE, VIEWS, layout, network
from evolve.view.panel import PLAIN, panel
from evolve.view.survey import Survey

_ROWS = 50
Surveys = Mapping[str, Survey]


def application(runs: Sequence[Run]) -> Dash:
    """The page of these runs and of nothing else; it can only read."""
    names = [run.path.name for run in runs]
    surveys = {
        run.path.name if names.count(run.path.name) == 1 else str(run.path): Survey(run)
        for run in runs
    }
    for survey in surveys.values():
        with suppress(EvolveError):  # a damaged ledger: the page shows what could be read, and says
            survey.refresh()
    app = Dash("activolve", title="activolve", update_title="", serve_locally=True,
               suppress_callback_exceptions=True, assets_folder="")  # fmt: skip
    cyto.load_extra_layouts()  # dagre draws what descends in layers
    app.index_string = app.index_string.replace("{%css%}", f"{{%css%}}<style>{STYLE}</style>")
    first = next(iter(surveys.values()))
    # The first view comes with the page: one question less before anything can be seen.
    app.layout = lambda: layout(list(surveys), _overview(surveys, first, None, ""), _told(first))
    _keep_up(app, surveys)
    _choose(app, surveys)
    _fill(app, surveys)
    return app


def _keep_up(app: Dash, surveys: Surveys) -> None:
    @app.callback(
        Output("count", "data"), Output("told", "children"), Output("operator", "options"),
        Input("tick", "n_intervals"), Input("run", "value"), State("count", "data"),
    )  # fmt: skip
    def grown(_ticks: int, run: str, before: list[Any]) -> Any:
        try:
            counts = [survey.refresh() for survey in surveys.values()]
        except EvolveError as error:  # what could be read stays on the page
            return no_update, html.P(plainly(str(error)), role="alert"), no_update
        now = [run, *counts]
        if now == before:
            return no_update, no_update, no_update
        survey = surveys[run]
        return now, _told(survey), survey.operators


def _told(survey: Survey) -> Any:
    ended = ", ".join(f"{count} {name}" for name, count in sorted(survey.outcomes.items()))
    return html.P(f"{survey.run.status}: {len(survey.glimpses):,} records; {ended or 'none yet'}")


def _choose(app: Dash, surveys: Surveys) -> None:
    @app.callback(
        Output("shown", "data"), Output({"view": ALL}, "aria-current"),
        Input({"view": ALL}, "n_clicks"), State("shown", "data"),
    )  # fmt: skip
    def look(_clicks: list[int], shown: str) -> Any:
        chosen = ctx.triggered_id["view"] if ctx.triggered_id else shown
        return chosen, ["true" if each == chosen else "false" for each in VIEWS]

    # A click on a node or a point goes to the address, as a click on a link does. The panel looks
    # at the address alone: plots that are drawn anew must not overtake a click.
    @app.callback(
        Output("address", "hash"),
        Input({"net": ALL}, "tapNodeData"), Input({"plot": ALL}, "clickData"),
        Input("run", "value"), prevent_initial_call=True,
    )  # fmt: skip
    def point(_nodes: Any, _points: list[Any], _run: str) -> Any:
        if ctx.triggered_id == "run":
            return ""
        program = _pointed(ctx.triggered_id, ctx.triggered[0]["value"])
        return f"#{program}" if program else no_update

    @app.callback(
        Output("chosen", "data"), Output("panel", "children"),
        Input("address", "hash"), State("run", "value"),
    )  # fmt: skip
    def choose(address: str | None, run: str) -> Any:
        program = (address or "").removeprefix("#")
        return (program, panel(surveys[run].run, program)) if program else (None, [])


def _pointed(where: Any, value: Any) -> str | None:
    """The program of a node or of a point of a plot that was clicked."""
    if where and "net" in where:
        return str(value["id"]) if value else None
    point = (value or {"points": [{}]})["points"][0]
    return str(point.get("customdata") or point.get("text") or "") or None


def _fill(app: Dash, surveys: Surveys) -> None:
    @app.callback(
        Output("view", "children"),
        Input("shown", "data"), Input("count", "data"), Input("operator", "value"),
        Input("search", "value"), State("run", "value"),
    )  # fmt: skip
    def view(shown: str, _count: Any, operator: str | None, text: str | None, run: str) -> Any:
        return PAINTERS[shown](surveys, surveys[run], operator, (text or "").strip())

    @app.callback(
        Output("net-frame", "children"),
        Input("shown", "data"), Input("chosen", "data"), Input("colour", "value"),
        State("run", "value"),
    )  # fmt: skip
    def net(shown: str, chosen: str | None, colour: str, run: str) -> Any:
        if shown != "lineage":
            return []
        survey = surveys[run]
        best = [] if chosen else survey.ranked(None, "", 1)
        program = chosen or (best[0].program if best else None)
        if program is None:
            return []
        told = families(survey.run.config.fitness)
        return network(elements(kin(survey.run, program), colour, told))


def _overview(surveys: Surveys, survey: Survey, operator: str | None, text: str) -> list[Any]:
    alone = {survey.run.path.name: survey}
    return [
        html.H2("Best so far"), _plot("progress", figures.progress(alone)),
        html.H2("Every scored trial"), _plot("cloud", figures.cloud(survey, operator)),
        *_programs(surveys, survey, operator, text)[:2],
    ]  # fmt: skip


def _programs(_all: Surveys, survey: Survey, operator: str | None, text: str) -> list[Any]:
    found = survey.ranked(operator, text, _ROWS)
    head = [html.Th(each) for each in ("program", "by", "step", "fitness", "vs GELU")]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody([_row(each) for each in found])])
    return [html.H2("The fittest programs"), table, html.P(f"{len(found)} shown.")]


def _row(glimpse: Glimpse) -> Any:
    fitness = glimpse.fitness or 0.0
    return html.Tr([
        html.Td(html.A(glimpse.program, href=f"#{glimpse.program}")),
        html.Td(plainly(glimpse.operator, 40)), html.Td(glimpse.step), html.Td(f"{fitness:+.3f}"),
        html.Td(against_gelu(fitness)),
    ])  # fmt: skip


def _lineage(_all: Surveys, _survey: Survey, _operator: str | None, _text: str) -> list[Any]:
    return [html.P(
        "Parents above, children below, the nearest 150 of each; of the chosen program, else of "
        "the fittest. Wheel or pinch zooms, a click chooses; Programs chooses by keyboard. Beside "
        "a program stands what its colour says: operator, island, or the family it gains most in."
    )]  # fmt: skip


def _archive(_all: Surveys, survey: Survey, _operator: str | None, _text: str) -> list[Any]:
    figure = figures.archive(survey.run, survey.fittest())
    return [html.H2("Niches of the fittest programs, by island"), _plot("archive", figure)]


def _gallery(_all: Surveys, survey: Survey, operator: str | None, text: str) -> list[Any]:
    ranked = survey.ranked(operator, text, figures.GALLERY)
    records = survey.births([each.program or "" for each in ranked])
    return [html.H2("The fittest functions"), _plot("gallery", figures.gallery(records))]


def _front(_all: Surveys, survey: Survey, _operator: str | None, _text: str) -> list[Any]:
    return [html.H2("Gain and cost"), _plot("front", figures.front(survey.fittest()))]


def _compare(surveys: Surveys, _survey: Survey, _operator: str | None, _text: str) -> list[Any]:
    best = {
        f"{name} {record.program.id}": record
        for name, survey in surveys.items()
        for record in survey.fittest(1)
        if record.program
    }
    return [
        html.H2("Best so far of every run"), _plot("compared", figures.progress(surveys)),
        html.H2("The fittest function of each"), _plot("curves", figures.curve(best)),
    ]  # fmt: skip


def _cost(_all: Surveys, survey: Survey, _operator: str | None, _text: str) -> list[Any]:
    plot = _plot("throughput", figures.throughput(survey))
    return [html.H2("Throughput"), plot, *costs(survey)]


def _plot(name: str, figure: Any) -> Any:
    return dcc.Graph(figure=figure, id={"plot": name}, config=PLAIN)


Painter = Callable[[Surveys, Survey, str | None, str], list[Any]]
PAINTERS: Mapping[str, Painter] = MappingProxyType(
    {
        "overview": _overview, "programs": _programs, "lineage": _lineage, "archive": _archive,
        "gallery": _gallery, "front": _front, "compare": _compare, "cost": _cost,
    }
)  # fmt: skip
