"""All about one program, for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from evolve.lineage import Ancestor
from evolve.portfolio import FOUNDERS
from evolve.records import Admission, Evaluation, Program, Record, Refusal
from evolve.report.tables import against_gelu, body, code, heading, interval, maker, plain_table

CLAIMS = ("even", "odd", "monotone", "bounded", "zero_at_zero", "bfloat16")
"""Traits that hold or do not; the others are numbers."""


def program(found: Sequence[Record]) -> RenderableType:
    """All that is known of one program: its records, the first one that made it."""
    record = found[0]
    admission = record.admission
    shown = record.program.source if admission is None and record.program else ""
    lines = [
        f"\nmade by {record.operator} at step {record.step}: {record.note}",
        f"parents: {' '.join(record.parents) or 'none'}",
        f"outcome: {record.outcome} {record.detail}",
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
        code(admitted.canonical),
    )


def cost(admission: Admission) -> str:
    """What a program costs and how it behaves, in two lines."""
    holds = [name for name in CLAIMS if admission.traits.get(name)]
    measured = [f"{name} {v:.4g}" for name, v in admission.traits.items() if name not in CLAIMS]
    traits = ", ".join([*holds, *measured]).replace("_", " ")
    return (
        f"cost: {admission.flops:g} FLOPs an element, {admission.transcendentals} transcendental, "
        f"{admission.parameters} trainable\ntraits: {traits}"
    )


def gains(evaluation: Evaluation) -> RenderableType:
    """Gain and score on every task and shift."""
    which = "fresh seeds" if evaluation.round else "search"
    which += "" if evaluation.complete else ", stopped on a cheap rung"
    title = f"Fitness {interval(evaluation)}, {evaluation.seeds} seeds, {which}"
    table = plain_table()
    table.add_column("task/shift")
    table.add_column("vs GELU", justify="right")
    table.add_column("score", justify="right")
    for key, gain in evaluation.gains.items():
        table.add_row(key, against_gelu(gain), f"{evaluation.scores[key]:.3f}")
    return Group(heading(title), table)


def ancestry(ancestors: Sequence[Ancestor]) -> Tree:
    """A program's ancestors as a tree, each told once: its parents hang below it."""
    records = {each.record.program.id: each.record for each in ancestors if each.record.program}
    told: set[str] = set()

    def grow(name: str, above: Tree | None) -> Tree:
        record = records.get(name)
        again = name in told
        told.add(name)
        label = _birth(record, again=again) if record else Text(name)
        tree = Tree(label, guide_style="dim") if above is None else above.add(label)
        for parent in record.parents if record and not again else ():
            grow(parent, tree)
        return tree

    return grow(next(iter(records)), None)


def _birth(record: Record, *, again: bool) -> Text:
    name = record.program.id if record.program else ""
    if again:
        return Text(f"{name}  (see above)", "dim")
    fitness = f"{record.evaluation.fitness:+.3f}" if record.evaluation else ""
    made = maker(record.operator, record.note)
    note = f", {record.note}" if record.note and record.operator != FOUNDERS else ""
    text = Text.assemble((name, "cyan"), f"  {fitness}  step {record.step}, by {made}{note}")
    return text.append(f"\n{body(record.admission.canonical)}" if record.admission else "", "dim")
