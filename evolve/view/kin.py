"""The kin of a program as elements of Cytoscape, a bounded part of the lineage at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from evolve.lineage import Ancestor, ancestors, descendants
from evolve.records import Record
from evolve.report.kinship import edges_of
from evolve.report.specialists import gains_by_family
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


def elements(
    found: Sequence[Ancestor], by: str, families: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Nodes in the colour of `by`, and edges from parents.

    Args:
        found: whom to show.
        by: operator, island, fitness, or the family of tasks in which a program gains most.
        families: task -> family.
    """
    told = [_label(each.record, by, families) for each in found]
    labels = sorted(set(told))
    nodes = [
        {
            "data": {
                "id": each.record.program.id,
                "label": f"{each.record.program.id}\n{_fitness(each.record)}{label}",
                "colour": _hue(each.record) if by == "fitness" else _colour(label, labels),
            },
            "classes": "chosen" if each.depth == 0 else "",
        }
        for each, label in zip(found, told, strict=True)
        if each.record.program
    ]
    edges = [
        {"data": {"id": f"{parent}-{child}", "source": parent, "target": child}}
        for parent, child in edges_of(found)
    ]
    return [*nodes, *edges]


def _fitness(record: Record) -> str:
    return f"{record.evaluation.fitness:+.3f} " if record.evaluation else ""


def _label(record: Record, by: str, families: Mapping[str, str]) -> str:
    """What a node says beside its fitness, and what its colour stands for."""
    if by == "island":
        return f"island {record.island}"
    if by == "family" and record.evaluation:
        gains = gains_by_family(record.evaluation, families)
        return plainly(max(gains, key=lambda family: gains[family], default=""), 24)
    return plainly(record.operator, 24)


def _colour(label: str, labels: Sequence[str]) -> str:
    return COLOURS[labels.index(label) % len(COLOURS)]


def _hue(record: Record) -> str:
    fitness = record.evaluation.fitness if record.evaluation else -1.0
    share = min(1.0, max(0.0, 0.5 + 2 * fitness))  # GELU in the middle
    return f"hsl({round(220 - 180 * share)}, 60%, 45%)"
