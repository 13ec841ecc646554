"""All about one program, for the page: elements of Dash, which show every word as text."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from dash import dcc, html

from evolve.records import Call, Evaluation, Record
from evolve.report.difference import changes
from evolve.report.programs import cost
from evolve.report.tables import against_gelu, interval, maker, span
from evolve.report.words import plainly
from evolve.runs import Run
from evolve.view import figures


def panel(run: Run, program: str) -> list[Any]:
    """Source, curve, what was changed of the parent, scores, prompt and reply."""
    with closing(run.ledger()) as ledger:
        found = ledger.of(program)
        parents = ledger.births(found[0].parents[:1]) if found else []
    if not found:
        return [html.P("No such program in this run.")]
    record = next((each for each in found if each.admission), found[0])
    return [
        html.H2(f"Program {plainly(program, 40)}", id="program-name"),
        *(html.P(line) for line in _made(record)),
        html.Pre(_source(record), id="source"),
        dcc.Graph(figure=figures.curve({program: record}), config=PLAIN),
        *_changed(record, parents),
        *(_scores(each.evaluation) for each in found if each.evaluation),
        *(part for call in record.calls for part in _asked(call)),
    ]


PLAIN: Any = {"displayModeBar": False}


def _made(record: Record) -> list[str]:
    parents = ", ".join(record.parents) or "none"
    note = f": {plainly(record.note, 500)}" if record.note else ""
    detail = f", {plainly(record.detail, 500)}" if record.detail else ""
    made = f"Made by {maker(record.operator, record.note)} at step {record.step}{note}. "
    ended = f"Parents: {parents}. Outcome: {record.outcome}{detail}."
    return [made + ended, *(cost(record.admission).splitlines() if record.admission else ())]


def _source(record: Record) -> str:
    if record.admission:
        return plainly(record.admission.canonical)
    return plainly(record.program.source) if record.program else ""


def _changed(record: Record, parents: Sequence[Record]) -> list[Any]:
    for parent in parents:
        if parent.admission and record.admission and parent.program:
            text = changes(parent.admission.canonical, record.admission.canonical).plain
            title = f"Changed of its parent {parent.program.id}"
            return [html.H3(title), html.Pre(text, id="changes")]
    return []


def _scores(evaluation: Evaluation) -> Any:
    where = "on fresh seeds" if evaluation.round else "as the search saw it"
    sure = evaluation.intervals
    rows = [
        html.Tr([html.Td(plainly(key)), html.Td(against_gelu(gain)),
                 html.Td(span(sure[key]) if key in sure else "-"),
                 html.Td(f"{evaluation.scores.get(key, 0.0):.3f}")])
        for key, gain in evaluation.gains.items()
    ]  # fmt: skip
    names = ("task/shift", "error vs GELU", "95 %", "score")
    head = html.Thead(html.Tr([html.Th(each) for each in names]))
    title = f"Fitness {interval(evaluation)} {where}, {evaluation.seeds} seeds"
    return html.Div([html.H3(title), html.Table([head, html.Tbody(rows)])])


def _asked(call: Call) -> list[Any]:
    title = f"Asked {plainly(call.model, 80)}: {call.tokens} tokens, {call.seconds:.1f} s"
    turns = [html.Pre(f"{plainly(e.role, 20)}: {plainly(e.content)}") for e in call.messages]
    return [html.Details([
        html.Summary(title), *turns, html.H4("Reply"), html.Pre(plainly(call.reply), id="reply"),
    ])]  # fmt: skip
