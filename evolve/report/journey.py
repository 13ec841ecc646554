"""How a run went, for `evolve show`: its best over time, what models earned, what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evolve.ledger import Glimpse
from evolve.report.plot import tick
from evolve.report.specialists import Specialist
from evolve.report.summary import Summary
from evolve.report.tables import against_gelu, heading, maker, plain_table
from evolve.report.words import plainly

WIDTH, HEIGHT = 60, 8  # characters

Earned = tuple[str, int, int, float, float]  # model, calls, tokens, dollars, seconds


def journey(
    summary: Summary, glimpses: Iterable[Glimpse], earned: Sequence[Earned]
) -> RenderableType:
    """The best so far, also by family, what models cost, and the commands that come next."""
    parts: list[RenderableType] = [progress(glimpses)]
    if summary.specialists:
        title = "The best of every family of tasks, as the search saw it"
        parts += [heading(title), families(summary.specialists)]
    if earned:
        parts += [heading("Language models"), models(earned)]
    parts.append(onward(summary))
    return Group(*parts)


def progress(glimpses: Iterable[Glimpse]) -> RenderableType:
    """The best fitness so far, as the search saw it, over the trials; none before two points."""
    import plotille

    worths = [
        each.fitness
        for each in glimpses
        if each.fitness is not None and not each.round and not each.partial
    ]
    if len(worths) < 2:
        return Text()
    best = list(accumulate(worths, max))
    figure = plotille.Figure()
    figure.width, figure.height = WIDTH, HEIGHT
    figure.color_mode = "names"
    figure.x_label, figure.y_label = "measured in full", "best so far"
    figure.register_label_formatter(float, tick)
    figure.set_x_limits(1.0, float(len(best)))
    figure.plot([float(each) for each in range(1, len(best) + 1)], best, lc="cyan")
    return Group(heading("Best so far, as the search saw it"), Text.from_ansi(figure.show()))


def families(found: Iterable[Specialist]) -> Table:
    """A line a family."""
    table = plain_table()
    for name in ("family", "program", "by"):
        table.add_column(name, no_wrap=True)
    for name in ("vs GELU in it", "fitness"):
        table.add_column(name, justify="right")
    for each in found:
        made = Text(maker(each.operator, each.note))
        figures = (against_gelu(each.gain), f"{each.fitness:+.3f}")
        table.add_row(Text(plainly(each.family)), Text(each.id, "cyan"), made, *figures)
    return table


def models(earned: Sequence[Earned]) -> Table:
    """What every language model was asked and charged."""
    table = plain_table()
    for name in ("model", "calls", "tokens", "dollars", "seconds"):
        table.add_column(name, justify="left" if name == "model" else "right")
    for model, calls, tokens, dollars, seconds in earned:
        figures = (f"{calls:,}", f"{tokens:,}", f"{dollars:.4f}", f"{seconds:.1f}")
        table.add_row(Text(plainly(model, 60)), *figures)
    return table


def onward(summary: Summary) -> RenderableType:
    """What to type next."""
    path = plainly(summary.path)
    lines = []
    if summary.status == "running":
        lines.append((f"evolve view {path}", "watch it in the browser"))
    else:
        further = 2 * max(100, round(summary.budget["evaluations"][0]))
        lines.append((f"evolve resume {path} --budget evaluations={further}", "go on"))
    if summary.best:
        program = f"{path} {summary.best.id}"
        lines += [
            (f"evolve show {program}", "all about the best"),
            (f"evolve lineage {program}", "where it comes from"),
            (f"evolve test {path} --plan", "whether it is luck"),
            (f"evolve export {program} --to torch", "take it along"),
        ]
    return Group(heading("Next"), Text("\n".join(f"  {a}   {why}" for a, why in lines)))
