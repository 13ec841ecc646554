"""What operators and models cost and came to, as tables of the page."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from dash import html

from evolve.report.words import plainly
from evolve.view.survey import Survey


def costs(survey: Survey) -> list[Any]:
    """A table of operators and one of models."""
    rows: dict[str, list[float]] = {}
    for each in survey.glimpses:
        row = rows.setdefault(each.operator, [0, 0, 0.0])
        row[0] += 1
        row[1] += each.fitness is not None
        row[2] += each.seconds
    operators = [
        (name, f"{trials:g}", f"{scored:g}", f"{seconds:.1f}")
        for name, (trials, scored, seconds) in sorted(rows.items())
    ]
    with closing(survey.run.ledger()) as ledger:
        models = [
            (model, f"{calls:,}", f"{tokens:,}", f"{dollars:.4f}", f"{seconds:.1f}")
            for model, calls, tokens, dollars, seconds in ledger.earnings()
        ]
    return [
        html.H2("Operators"),
        _table(("operator", "trials", "scored", "seconds proposing"), operators),
        html.H2("Language models"),
        _table(("model", "calls", "tokens", "dollars", "seconds"), models)
        if models
        else html.P("None was asked."),
    ]


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Any:
    return html.Table([
        html.Thead(html.Tr([html.Th(each) for each in head])),
        html.Tbody([html.Tr([html.Td(plainly(cell, 80)) for cell in row]) for row in rows]),
    ])  # fmt: skip
