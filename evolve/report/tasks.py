"""Tasks in a terminal: a table of all, a picture of one."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evolve.report.picture import regions
from evolve.report.tables import heading, plain_table
from evolve.sketch import Card, Sketch
from evolve.standing import ID, OOD


def tasks(cards: Iterable[Card]) -> Table:
    """A line a task, split by split."""
    table = plain_table()
    for name in ("split", "task", "family", "shifts", "inputs", "target"):
        table.add_column(name, no_wrap=name in ("split", "task"))
    for card in cards:
        table.add_row(card.split, card.task, card.family, _shifts(card), _inputs(card), _to(card))
    return table


def task(sketch: Sketch) -> RenderableType:
    """What a task is, and how it looks."""
    card = sketch.card
    lines = [
        f"split: {card.split}, family: {card.family}",
        f"trained on: {card.shifts[0]} ({ID}); asked after the shift: {_shifts(card)} ({OOD})",
        f"inputs: {_inputs(card)}; target: {_to(card)}",
        f"ID:  {_range(sketch.labels, sketch.inside.x, sketch.inside.y)}",
        f"OOD: {_range(sketch.labels, sketch.outside.x, sketch.outside.y)}",
    ]
    return Group(heading(card.task), Text("\n".join(lines)), regions(sketch))


def _shifts(card: Card) -> str:
    return ", ".join(card.shifts[1:])


def _inputs(card: Card) -> str:
    each = f"{card.features} feature{'s' if card.features > 1 else ''}"
    return f"sets of up to {card.elements}, {each} each" if card.elements > 1 else each


def _to(card: Card) -> str:
    return f"{card.classes} classes" if card.classes else "number"


def _range(labels: tuple[str, str], *axes: list[float]) -> str:
    ranges = [
        f"{label} in [{min(a):.2f}, {max(a):.2f}]" for label, a in zip(labels, axes, strict=True)
    ]
    return ", ".join(ranges)
