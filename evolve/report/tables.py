"""Tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from evolve.lineage import Ancestor
from evolve.records import Admission, Evaluation, Failure, Program, Record, Refusal
from evolve.report.summary import Find, Summary


def overview(summary: Summary) -> RenderableType:
    """A run for people: what was found, who found it, how trials ended, what was used."""
    parts: list[RenderableType] = [finds(summary.finds), operators(summary), budget(summary)]
    if summary.best:
        parts.insert(1, Syntax(body(summary.best.canonical), "python", background_color="default"))
    return Group(*parts)


def finds(found: Iterable[Find]) -> Table:
    """The best programs, as the search saw them and as fresh seeds see them."""
    table = Table(title="What was found", title_justify="left", title_style="bold")
    table.add_column("program", style="cyan", no_wrap=True)
    table.add_column("by", no_wrap=True)
    table.add_column("search", justify="right")
    table.add_column("fresh seeds [95 %]", justify="right")
    table.add_column("error against GELU", justify="right")
    table.add_column("FLOPs", justify="right")
    for find in found:
        table.add_row(
            find.id,
            find.note if find.operator == "founders" else find.operator,
            f"{find.fitness:+.3f}",
            interval(find.again) if find.again else "not measured again",
            against_gelu(find.believed),
            f"{find.flops:g}",
        )
    return table


def operators(summary: Summary) -> Table:
    """What came of every operator's proposals."""
    table = Table(title="Operators", title_justify="left", title_style="bold")
    for name in ("operator", "proposed", "admitted", "duplicate", "scored", "improved"):
        table.add_column(name, justify="left" if name == "operator" else "right")
    for name, tally in sorted(summary.operators.items()):
        counts = (tally.proposed, tally.admitted, tally.duplicate, tally.scored, tally.improved)
        table.add_row(name, *map(str, counts))
    return table


def budget(summary: Summary) -> Text:
    """What was used of what, and how trials ended."""
    used = [
        f"{amount:.4g} of {limit:g} {name}" if limit is not None else f"{amount:.4g} {name}"
        for name, (amount, limit) in summary.budget.items()
        if amount or limit is not None
    ]
    ended = [f"{count} {outcome}" for outcome, count in sorted(summary.outcomes.items())]
    return Text(f"Used {', '.join(used)}.\nTrials: {', '.join(ended) or 'none yet'}.")


def runs(summaries: Iterable[Summary]) -> Table:
    """A line a run."""
    table = Table()
    for name in ("run", "status", "evaluations", "best", "by", "fitness"):
        table.add_column(name)
    for each in summaries:
        best = each.best
        table.add_row(
            each.path,
            each.status,
            f"{each.budget['evaluations'][0]:g}",
            best.id if best else "",
            best.operator if best else "",
            f"{best.believed:+.3f}" if best else "",
        )
    return table


def ancestry(ancestors: Iterable[Ancestor]) -> Table:
    """A program's ancestors, nearest first."""
    table = Table()
    for name in ("depth", "program", "step", "by", "fitness", "parents", "function"):
        table.add_column(name, no_wrap=name in ("program", "by"))
    for each in ancestors:
        record = each.record
        if record.program is None or record.admission is None or record.evaluation is None:
            continue
        named = record.operator == "founders"
        table.add_row(
            str(each.depth),
            record.program.id,
            str(record.step),
            f"{record.operator}: {record.note}" if named else record.operator,
            f"{record.evaluation.fitness:+.3f}",
            " ".join(record.parents),
            body(record.admission.canonical),
        )
    return table


def program(found: Sequence[Record]) -> RenderableType:
    """All that is known of one program: its records, the first one that made it."""
    record = found[0]
    admission = record.admission
    shown = record.program.source if admission is None and record.program else ""
    lines = [f"made by {record.operator} at step {record.step}, {record.note or 'no note'}"]
    lines.append(f"parents: {' '.join(record.parents) or 'none'}")
    lines.append(f"outcome: {record.outcome} {record.detail}")
    if admission is not None:
        shown = body(admission.canonical)
        lines.append(cost(admission))
    parts: list[RenderableType] = [
        Syntax(shown, "python", background_color="default"),
        Text("\n".join(lines)),
    ]
    parts += [gains(each.evaluation) for each in found if each.evaluation]
    parts += [
        Text(f"\nasked {call.model} ({call.tokens} tokens, {call.seconds:.1f} s)")
        for call in record.calls
    ]
    return Group(*parts)


def verdict(name: str, program: Program, admitted: Admission | Refusal) -> RenderableType:
    """What admission made of a program, for people."""
    if isinstance(admitted, Refusal):
        return Text(f"{name}: refused: {admitted}", style="red")
    return Group(
        Text(f"{name}: admitted as {program.id}", style="green"),
        Text(cost(admitted)),
        Syntax(body(admitted.canonical), "python", background_color="default"),
    )


def cost(admission: Admission) -> str:
    """What a program costs and how it behaves, in two lines."""
    traits = ", ".join(f"{name} {value:.4g}" for name, value in admission.traits.items())
    return (
        f"cost: {admission.flops:g} FLOPs an element, {admission.transcendentals} transcendental, "
        f"{admission.parameters} trainable\ntraits: {traits}"
    )


def measured(
    found: Mapping[str, Evaluation | Failure], admitted: Mapping[str, Admission]
) -> RenderableType:
    """Activations beside GELU, the best first."""
    table = Table()
    for name in ("activation", "fitness [95 %]", "error against GELU", "failed nets", "FLOPs"):
        table.add_column(name, justify="left" if name == "activation" else "right")
    scored = {name: each for name, each in found.items() if isinstance(each, Evaluation)}
    for name, each in sorted(scored.items(), key=lambda pair: -pair[1].fitness):
        flops = f"{admitted[name].flops:g}"
        share = f"{100 * each.failed:.0f} %"
        table.add_row(name, interval(each), against_gelu(each.fitness), share, flops)
    failures = [
        Text(f"{name}: {each.outcome}: {each.detail}", style="red")
        for name, each in found.items()
        if isinstance(each, Failure)
    ]
    return Group(table, *failures)


def gains(evaluation: Evaluation) -> Table:
    """Gain and score on every task and shift."""
    which = "fresh seeds" if evaluation.round else "search"
    title = f"fitness {interval(evaluation)}, {evaluation.seeds} seeds, {which}"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("task/shift")
    table.add_column("error against GELU", justify="right")
    table.add_column("score", justify="right")
    for key, gain in evaluation.gains.items():
        table.add_row(key, against_gelu(gain), f"{evaluation.scores[key]:.3f}")
    return table


def interval(evaluation: Evaluation) -> str:
    """Fitness and its interval."""
    low, high = evaluation.interval
    return f"{evaluation.fitness:+.3f} [{low:+.3f}, {high:+.3f}]"


def against_gelu(fitness: float) -> str:
    """A fitness, which is in log10 of error, as per cent of GELU's error more or less."""
    return f"{100 * (10**-fitness - 1):+.0f} %"


def body(source: str) -> str:
    """The function in `source`, without what it imports."""
    lines = source.strip().splitlines()
    return "\n".join(line for line in lines if line and not line.startswith("import "))
