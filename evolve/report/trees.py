"""Lineages as trees in a terminal: who made each, from what, what was changed and gained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from evolve.lineage import Ancestor
from evolve.portfolio import FOUNDERS
from evolve.records import Record
from evolve.report.difference import changes
from evolve.report.kinship import edges_of
from evolve.report.picture import abreast
from evolve.report.tables import body, maker
from evolve.report.words import plainly

Known = Mapping[str, Record]
Function = Callable[[Record], Sequence[float]]
"""A program's function at a few points; empty where it has none to be drawn."""


def ancestry(found: Sequence[Ancestor], function: Function) -> Tree:
    """A program's ancestors as a tree, each told once: its parents hang below it.

    Args:
        found: the ancestors, the program itself first.
        function: gives what a record's curve is drawn of.
    """
    known = _known(found)
    return _grown(known, lambda name: known[name].parents if name in known else (), function)


def offspring(found: Sequence[Ancestor], function: Function) -> Tree:
    """What descends from a program as a tree, each told once: children hang below parents."""
    below: dict[str, list[str]] = {}
    for parent, child in edges_of(found):
        below.setdefault(parent, []).append(child)
    return _grown(_known(found), lambda name: below.get(name, ()), function)


def _known(found: Sequence[Ancestor]) -> Known:
    return {each.record.program.id: each.record for each in found if each.record.program}


def _grown(known: Known, below: Callable[[str], Iterable[str]], function: Function) -> Tree:
    """The tree from the first of those known, without recursion: a line may be long."""
    first = next(iter(known))
    told = {first}
    tree = Tree(_birth(known[first], known, function), guide_style="dim")
    stack = [(name, tree) for name in reversed(list(below(first)))]
    while stack:
        name, above = stack.pop()
        if name in told:
            above.add(Text(f"{name}  (see above)", "dim"))
            continue
        told.add(name)
        born = _birth(known[name], known, function) if name in known else Text(plainly(name))
        branch = above.add(born)
        stack += [(each, branch) for each in reversed(list(below(name)))]
    return tree


def _birth(record: Record, known: Known, function: Function) -> RenderableType:
    name = record.program.id if record.program else ""
    fitness = f"{record.evaluation.fitness:+.3f}" if record.evaluation else ""
    made = maker(record.operator, record.note)
    note = f", {plainly(record.note, 200)}" if record.note and record.operator != FOUNDERS else ""
    models = "".join(f", asking {plainly(call.model, 60)}" for call in record.calls[:1])
    parent = next((known[each] for each in record.parents if each in known), None)
    text = Text.assemble(
        (name, "cyan"), f"  {fitness}{_gained(record, parent)}  ",
        f"step {record.step}, by {made}{models}{note}",
    )  # fmt: skip
    if record.admission is None:
        return text
    drawn = [each for one in (parent, record) if one and (each := function(one))]
    curves = [abreast(drawn)] if drawn else []
    if parent is not None and parent.admission is not None:
        changed = changes(parent.admission.canonical, record.admission.canonical)
        if changed.plain.strip():
            changed.rstrip()
            return Group(text, changed, *curves)
    return Group(text, Text(body(record.admission.canonical), "dim"), *curves)


def _gained(record: Record, parent: Record | None) -> str:
    if parent is None or parent.evaluation is None or record.evaluation is None:
        return ""
    return f" ({record.evaluation.fitness - parent.evaluation.fitness:+.3f} to its parent)"
