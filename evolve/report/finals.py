"""A final in a terminal: what each finalist shrank to, then arm by arm."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evolve.report.standings import families, ranking
from evolve.report.standings import notes as meanings
from evolve.report.tables import heading, openings, plain_table
from evolve.standing import Course, Final, Standing

_ARMS = {
    "recipe": "the search's own recipe",
    "wide": "nets four times wider and twice deeper",
    "sgd": "SGD with momentum",
    "adam": "Adam",
}


def final(found: Final) -> RenderableType:
    """All that an opening of the test split showed."""
    names = [each.id for each in found.courses]
    parts: list[RenderableType] = [
        heading("From the search to the test: fitness, 0 is GELU"),
        courses(found.courses),
    ]
    for name, table in found.arms.items():
        recipe = table.recipe
        size = f"{recipe['hidden_layers']} x {recipe['width']} units, {recipe['seeds']} seeds"
        shown = [each for each in table.standings if each.name in (*names, "GELU")]
        parts += [
            heading(f"Test, arm {name}: {_ARMS[name]}; {table.tasks} tasks, {size}"),
            ranking(table),
            Text(),
            *families(shown),
        ]
    parts += [meanings(found.arms["recipe"]), openings([*found.earlier, found.at])]
    return Group(*parts)


def courses(found: Sequence[Course]) -> Table:
    """What every contestant was worth at each stage."""
    table = plain_table()
    table.add_column("program", style="cyan", no_wrap=True)
    for name in ("role", "by"):
        table.add_column(name)
    for name in ("search", "promoted", "valid", "test, 95 %"):
        table.add_column(name, justify="right")
    for each in found:
        promoted = "-" if each.promoted is None else f"{each.promoted:+.3f}"
        valid = f"{each.valid.fitness:+.3f}" if each.valid else "failed"
        row = (each.role, each.by, f"{each.search:+.3f}", promoted, valid, _interval(each.test))
        table.add_row(each.id, *row)
    return table


def plan(finalists: Sequence[str], entrants: int, minutes: float) -> Text:
    """Who was picked, and what is to come."""
    return Text(
        f"Finalists, picked on valid: {', '.join(finalists)}.\n"
        f"{entrants} activations are measured under {len(_ARMS) - 1} arms: "
        f"about {max(1.0, minutes):.0f} min."
    )


def _interval(standing: Standing | None) -> str:
    if standing is None:
        return "failed"
    low, high = standing.interval
    return f"{standing.fitness:+.3f} [{low:+.2f}, {high:+.2f}]"
