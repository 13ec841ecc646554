"""Two programs beside one another: what was changed, and what that was worth."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from evolve.records import Admission, Evaluation, Record
from evolve.report.tables import against_gelu, body, heading, plain_table
from evolve.report.words import plainly


def changes(before: str, after: str) -> Text:
    """The changed lines of two sources: `-` what was, `+` what is."""
    text = Text()
    for line in _changed(body(before).splitlines(), body(after).splitlines()):
        text.append(f"{line}\n", {"-": "red", "+": "green"}.get(line[:1], "dim"))
    return text


def _changed(before: list[str], after: list[str]) -> Iterable[str]:
    found = difflib.unified_diff(before, after, lineterm="", n=1)
    return [line for line in found if not line.startswith(("---", "+++", "@@"))]


def difference(first: Record, second: Record) -> RenderableType:
    """What distinguishes two admitted programs: source, cost, traits, gain on every task."""
    one, other = first.admission, second.admission
    assert one is not None  # noqa: S101  (who asks has made sure)
    assert other is not None  # noqa: S101
    parts: list[RenderableType] = [
        heading(f"{_name(first)} -> {_name(second)}"),
        changes(one.canonical, other.canonical),
        _measures(one, other),
    ]
    if first.evaluation and second.evaluation:
        parts.append(_gains(first.evaluation, second.evaluation))
    return Group(*parts)


def _measures(one: Admission, other: Admission) -> RenderableType:
    table = plain_table()
    for name in ("measured before training", "first", "second"):
        table.add_column(name, justify="left" if name.startswith("measured") else "right")
    table.add_row("FLOPs an element", f"{one.flops:g}", f"{other.flops:g}")
    table.add_row("transcendental", str(one.transcendentals), str(other.transcendentals))
    table.add_row("trainable", str(one.parameters), str(other.parameters))
    for name in one.traits:
        pair = (one.traits[name], other.traits.get(name, 0.0))
        if pair[0] != pair[1]:
            table.add_row(Text(plainly(name.replace("_", " "))), *(f"{each:.4g}" for each in pair))
    return table


def _gains(one: Evaluation, other: Evaluation) -> RenderableType:
    table = plain_table()
    table.add_column("task/shift, error vs GELU")
    for name in ("first", "second", "second vs first"):
        table.add_column(name, justify="right")
    pairs = {key: (gain, other.gains.get(key)) for key, gain in one.gains.items()}
    pairs["fitness"] = (one.fitness, other.fitness)
    for key, (left, right) in pairs.items():
        if right is not None:
            figures = (left, right, right - left)
            table.add_row(Text(plainly(key)), *map(against_gelu, figures))
    return Group(Text(), table)


def _name(record: Record) -> str:
    return record.program.id if record.program else ""
