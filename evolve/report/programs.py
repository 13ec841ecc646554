"""All about one program, for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from evolve.descriptor import in_words
from evolve.records import Admission, Evaluation, Program, Record, Refusal
from evolve.report.tables import against_gelu, code, heading, interval, plain_table, span
from evolve.report.words import plainly


def program(found: Sequence[Record]) -> RenderableType:
    """All that is known of one program: its records, the first one that made it."""
    record = found[0]
    admission = record.admission
    shown = record.program.source if admission is None and record.program else ""
    lines = [
        f"\nmade by {record.operator} at step {record.step}: {plainly(record.note)}",
        f"parents: {' '.join(record.parents) or 'none'}",
        f"outcome: {record.outcome} {plainly(record.detail)}",
    ]
    if admission is not None:
        shown = admission.canonical
        lines.append(cost(admission))
    parts: list[RenderableType] = [
        code(shown),
        Text("\n".join(lines)),
    ]
    parts += [gains(each.evaluation) for each in found if each.evaluation]
    parts += [
        Text(
            f"\nasked {plainly(call.model)} ({call.tokens} tokens, {call.seconds:.1f} s); "
            f"`evolve prompt RUN {record.step}` shows the question"
        )
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
        code(admitted.canonical),
    )


def cost(admission: Admission) -> str:
    """What a program costs and how it behaves, in two lines."""
    return (
        f"cost: {admission.flops:g} FLOPs an element, {admission.transcendentals} transcendental, "
        f"{admission.parameters} trainable\ntraits: {in_words(admission.traits, 4)}"
    )


def gains(evaluation: Evaluation) -> RenderableType:
    """Gain, its interval over seeds, and score on every task and shift."""
    which = "fresh seeds" if evaluation.round else "search"
    which += "" if evaluation.complete else ", stopped on a cheap rung"
    title = f"Fitness {interval(evaluation)}, {evaluation.seeds} seeds, {which}"
    table = plain_table()
    table.add_column("task/shift")
    for name in ("vs GELU", "95 %", "score"):
        table.add_column(name, justify="right", no_wrap=True)
    for key, gain in evaluation.gains.items():
        sure = span(evaluation.intervals[key]) if key in evaluation.intervals else "-"
        table.add_row(Text(plainly(key)), against_gelu(gain), sure, f"{evaluation.scores[key]:.3f}")
    return Group(heading(title), table)
