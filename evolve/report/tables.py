"""Tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from evolve.experience import Digest
from evolve.portfolio import FOUNDERS, NEIGHBOURS
from evolve.records import Evaluation
from evolve.report.sheets import Sheet
from evolve.report.summary import Find, Summary
from evolve.report.words import plainly


def overview(summary: Summary) -> RenderableType:
    """A run for people: what was found, who found it, how trials ended, what was used."""
    parts: list[RenderableType] = [heading("What was found"), finds(summary.finds)]
    if summary.best:
        parts += [
            Text("vs GELU: how much more or less error in the typical family of tasks", "dim"),
            heading(f"The best, {summary.best.id}"),
            code(summary.best.canonical),
        ]
    parts += [heading("Operators"), operators(summary)]
    if summary.answers or summary.misses:
        parts += [Text(), controls(summary)]
    if summary.digest.lessons or summary.digest.words:
        parts += [heading("What the search has seen, a hint and no claim"), digest(summary.digest)]
    parts += [Text(), budget(summary)]
    if summary.openings:
        parts.append(openings(summary.openings))
    return Group(*parts)


def controls(summary: Summary) -> Text:
    """What the controls and the pre-screen say, a line each."""
    lines = []
    for answer in summary.answers:
        share, low, high = (
            f"{100 * each:.0f}"
            for each in (answer.superiority.value, answer.superiority.low, answer.superiority.high)
        )
        lines.append(
            f"{answer.question}: fitter in {share} % of pairs [{low}, {high}], "
            f"{answer.first} and {answer.second} scored: {answer.verdict}."
        )
    if missed := summary.misses:
        lines.append(
            f"The pre-screen would have dropped {missed.dropped} of the {missed.fit} fittest of "
            f"{missed.unscreened} unscreened, {100 * missed.rate:.0f} % "
            f"(a blind one {100 * missed.blind:.0f} %)."
        )
    return Text("\n".join(lines))


def digest(told: Digest) -> Text:
    """What went with gains and losses, and what a model made of it, a line each."""
    lines = [
        f"{each.task}: with {each.operation} {against_gelu(each.gain)} error, {each.count} of "
        f"{told.scored} programs against the others"
        for each in told.lessons
    ]
    return Text("\n".join([*lines, *told.words]))


def finds(found: Iterable[Find]) -> Table:
    """The best programs, as the search saw them and as fresh seeds see them."""
    table = plain_table()
    table.add_column("program", style="cyan", no_wrap=True)
    table.add_column("by", no_wrap=True)
    table.add_column("search", justify="right")
    table.add_column("fresh seeds, 95 %", justify="right", no_wrap=True)
    table.add_column("vs GELU", justify="right")
    table.add_column("FLOPs", justify="right")
    for find in found:
        table.add_row(
            Text(find.id),
            Text(maker(find.operator, find.note)),
            f"{find.fitness:+.3f}",
            interval(find.again) if find.again else "-",
            against_gelu(find.believed),
            f"{find.flops:g}",
        )
    return table


def front(found: Iterable[Find]) -> RenderableType:
    """What nothing beats in distribution, out of it, and in cost at once."""
    table = plain_table()
    for name in ("program", "by", "in distribution", "out of it", "FLOPs"):
        table.add_column(name, justify="left" if name in ("program", "by") else "right")
    for find in found:
        gains = (against_gelu(find.inside), against_gelu(find.outside))
        table.add_row(
            Text(find.id), Text(maker(find.operator, find.note)), *gains, f"{find.flops:g}"
        )
    return Group(heading("The Pareto front"), table)


def operators(summary: Summary) -> Table:
    """What came of every operator's proposals."""
    table = plain_table()
    for name in ("operator", "proposed", "admitted", "duplicate", "scored", "improved"):
        table.add_column(name, justify="left" if name == "operator" else "right")
    for name, tally in sorted(summary.operators.items()):
        counts = (tally.proposed, tally.admitted, tally.duplicate, tally.scored, tally.improved)
        table.add_row(Text(plainly(name)), *map(str, counts))
    return table


def budget(summary: Summary) -> Text:
    """What was used of what, and how trials ended."""
    ended = [f"{count} {outcome}" for outcome, count in sorted(summary.outcomes.items())]
    text = Text(f"Used {spent(summary.budget)}.\nTrials: {', '.join(ended) or 'none yet'}.")
    if summary.stopped:
        text.append(f"\nOf the scored, {summary.stopped} were stopped on a cheap rung.")
    return text


def spent(budget: Mapping[str, tuple[float, float | None]]) -> str:
    """What was used of what, by name."""
    return ", ".join(
        f"{_amount(amount)}{f' of {_amount(limit)}' if limit is not None else ''} {name}"
        for name, (amount, limit) in budget.items()
        if amount or limit is not None
    )


def openings(dates: Sequence[str]) -> Text:
    """How often the test split of a run was opened: more than once is a warning."""
    times = "once" if len(dates) == 1 else f"{len(dates)} times"
    style = "dim" if len(dates) == 1 else "yellow"
    return Text(f"The test split was opened {times} for this run: {', '.join(dates)}.", style)


def runs(summaries: Iterable[Summary]) -> Table:
    """A line a run."""
    table = plain_table()
    for name in ("run", "status", "evaluations", "best", "by", "fitness"):
        table.add_column(name)
    for each in summaries:
        best = each.best
        table.add_row(
            Text(plainly(each.path)),
            each.status,
            f"{each.budget['evaluations'][0]:g}",
            best.id if best else "",
            Text(maker(best.operator, best.note)) if best else "",
            f"{best.believed:+.3f}" if best else "",
        )
    return table


def maker(operator: str, note: str) -> str:
    """Who made a program: a founder goes by its own name, a visitor by its run's."""
    return plainly(note if operator in (FOUNDERS, NEIGHBOURS) else operator, 60)


def plain_table() -> Table:
    """A table without lines."""
    return Table(header_style="dim", box=None, pad_edge=False, padding=(0, 2, 0, 0))


def sheet(shown: Sheet) -> RenderableType:
    """A sheet: its title, its rows, and what they mean."""
    table = plain_table()
    for column in shown.columns:
        table.add_column(column, no_wrap=column == shown.columns[0])
    for row in shown.rows:
        table.add_row(*map(Text, row))
    return Group(heading(shown.title), table, Text(shown.remark, "dim"))


def heading(title: str) -> Text:
    """A title above a table."""
    return Text(f"\n{title}", "bold")


def interval(evaluation: Evaluation) -> str:
    """Fitness and its interval."""
    low, high = evaluation.interval
    return f"{evaluation.fitness:+.3f} [{low:+.3f}, {high:+.3f}]"


def against_gelu(fitness: float) -> str:
    """A fitness, which is in log10 of error, as per cent of GELU's error more or less."""
    return f"{100 * (10**-fitness - 1):+.0f} %"


def span(gains: tuple[float, float]) -> str:
    """The interval of a gain as per cent of GELU's error more or less."""
    low, high = (against_gelu(each) for each in reversed(gains))
    return f"[{low.removesuffix(' %')}, {high}]"


def code(source: str) -> Syntax:
    """The function in `source`, in colour."""
    return Syntax(body(source), "python", background_color="default")


def body(source: str) -> str:
    """The function in `source`, without what it imports."""
    lines = plainly(source).strip().splitlines()
    return "\n".join(line for line in lines if line and not line.startswith("import "))


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
