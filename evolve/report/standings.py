"""Contests as tables for a terminal: who is how good, how surely, and in which family."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from evolve.report.tables import heading
from evolve.standing import ID, OOD, Standing, Table

_FAMILIES_ABREAST = 3


def standings(table: Table, names: Sequence[str] = ()) -> RenderableType:
    """All about a contest: the ranking, then the scores of families.

    Args:
        table: the contest.
        names: whose families are shown; everybody's, if none.
    """
    recipe = table.recipe
    title = (
        f"{table.suite}/{table.split}: {table.tasks} tasks, {recipe['seeds']} seeds, "
        f"{recipe['steps']} steps of {recipe['optimiser']}, "
        f"{recipe['hidden_layers']} x {recipe['width']} units"
    )
    shown = [each for each in table.standings if not names or each.name in names]
    return Group(
        heading(title),
        ranking(table),
        notes(table),
        heading("Scores by family, ID OOD, ± half of the 95 % interval over seeds"),
        *families(shown),
    )


def ranking(table: Table) -> RenderableType:
    """Fitness, error against GELU, its chance, its cost: the best first."""
    shown = _dense()
    for name in ("fitness, 95 %", "error %, 95 %", "p", "P(X>Y)", "failed", "FLOPs"):
        shown.add_column(name, justify="right", no_wrap=True)
    for each in table.standings:
        shown.add_row(each.name, *figures(each))
    for name, failure in table.failures.items():
        shown.add_row(name, str(failure.outcome), style="red")
    return shown


def figures(standing: Standing) -> list[str]:
    """A row of the ranking, after the name."""
    low, high = standing.interval
    return [
        f"{standing.fitness:+.3f} [{_short(low)},{_short(high)}]",
        f"{error(standing.fitness)} [{error(high)},{error(low)}]",
        "-" if standing.p is None else f"{standing.p:.2g}",
        f"{standing.improvement:.2f}",
        f"{100 * standing.failed:.0f} %",
        f"{standing.flops:g}",
    ]


def error(fitness: float) -> str:
    """A fitness, which is in log10 of error, as per cent of GELU's error more or less."""
    return f"{100 * (10**-fitness - 1):+.0f}"


def notes(table: Table) -> Text:
    """What the columns of a ranking mean, and what p cannot show."""
    lines = [
        "fitness: 0 is GELU, more is better; its interval is over tasks and seeds",
        "error: more or less than GELU's, in the typical family",
        f"p: no difference from GELU (Wilcoxon over tasks; Holm over {table.comparisons} pairs)",
        f"   {table.tasks} tasks cannot show less than {table.smallest_p:.2g}, uncorrected",
        "P(X>Y): that one of its nets has less error than one of GELU's; 0.5: no better",
    ]
    lines += [f"{name}: {each.outcome}: {each.detail}" for name, each in table.failures.items()]
    narrow = [each.name for each in table.standings if each.narrow]
    if narrow and table.tasks > 2:  # of two it goes without saying
        lines.append(f"better only by their two best tasks: {', '.join(narrow)}")
    return Text("\n".join(lines), "dim")


def families(standings: Sequence[Standing]) -> Iterable[RenderableType]:
    """Scores of every family, a few families abreast so that lines stay short."""
    names = list(standings[0].families) if standings else []
    for start in range(0, len(names), _FAMILIES_ABREAST):
        some = names[start : start + _FAMILIES_ABREAST]
        shown = _dense()
        for name in some:
            shown.add_column(name, justify="right", min_width=17)
        for each in standings:
            shown.add_row(each.name, *(_sides(each, name) for name in some))
        yield shown
        yield Text()


def _sides(standing: Standing, family: str) -> str:
    sides = standing.families[family]
    return " ".join(
        f"{each.value:.2f}±{_short((each.high - each.low) / 2)[1:]}"
        for each in (sides[ID], sides[OOD])
    )


def _dense() -> RichTable:
    """A table of which eight columns fit a line of 80 characters."""
    shown = RichTable(header_style="dim", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    shown.add_column("activation", style="cyan", no_wrap=True)
    return shown


def _short(value: float) -> str:
    """A signed number below 1 without its nought: +.25."""
    return f"{value:+.2f}".replace("0.", ".", 1)


def markdown(table: Table) -> str:
    """The ranking, with the scores of all families averaged, as a table of a document."""
    head = ["activation", "fitness, 95 %", "error %, 95 %", "P(X>Y)", "ID", "OOD"]
    head += ["failed", "FLOPs"]
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    for each in table.standings:
        fitness, against, _, better, failed, flops = figures(each)
        means = (f"{_mean(each, side):.3f}" for side in (ID, OOD))
        rows.append([each.name, fitness, against, better, *means, failed, flops])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _mean(standing: Standing, side: str) -> float:
    found = [sides[side].value for sides in standing.families.values()]
    return sum(found) / len(found)
