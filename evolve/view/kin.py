"""The kin of a program as elements of Cytoscape, a bounded part of the lineage at a time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from evolve.lineage import Ancestor, ancestors, descendants
from evolve.records import Record
from evolve.report.kinship import edges_of
from evolve.report.words import plainly
from evolve.runs import Run

MOST = 150
"""Ancestors, and as many descendants, that one picture shows, the nearest first."""
COLOURS = (
    "#3b82c4", "#d9822b", "#3d9a50", "#b04a5a", "#7b5ea7", "#8a6d3b", "#c060a0", "#5b8a8a",
)  # fmt: skip


def kin(run: Run, program: str) -> list[Ancestor]:
    """A program, its nearest ancestors and its nearest descendants."""
    with closing(run.ledger()) as ledger:
        back = list(islice(ancestors(ledger, program), MOST))
        onward = list(islice(descendants(ledger, program, MOST), 1, MOST))
    return [*back, *onward]


def elements(found: Sequence[Ancestor], by: str) -> list[dict[str, Any]]:
    """Nodes in the colour of `by`: operator, island, or fitness; and edges from parents."""
    labels = sorted({_label(each.record, by) for each in found})
    nodes = [
        {
            "data": {
                "id": each.record.program.id,
                "label": f"{each.record.program.id}\n{_worth(each.record)}",
                "colour": _colour(each.record, by, labels),
            },
            "classes": "chosen" if each.depth == 0 else "",
        }
        for each in found
        if each.record.program
    ]
    edges = [
        {"data": {"id": f"{parent}-{child}", "source": parent, "target": child}}
        for parent, child in edges_of(found)
    ]
    return [*nodes, *edges]


def _worth(record: Record) -> str:
    fitness = f"{record.evaluation.fitness:+.3f} " if record.evaluation else ""
    return f"{fitness}{plainly(record.operator, 24)}"


def _label(record: Record, by: str) -> str:
    return str(record.island) if by == "island" else record.operator


def _colour(record: Record, by: str, labels: Sequence[str]) -> str:
    if by != "fitness":
        return COLOURS[labels.index(_label(record, by)) % len(COLOURS)]
    fitness = record.evaluation.fitness if record.evaluation else -1.0
    share = min(1.0, max(0.0, 0.5 + 2 * fitness))  # GELU in the middle
    return f"hsl({round(220 - 180 * share)}, 60%, 45%)"
