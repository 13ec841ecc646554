"""Who descends from whom: questions asked of a run's ledger, by its indices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evolve.errors import RunError
from evolve.ledger import Ledger
from evolve.records import Record

_FEW = 4  # ids that are named where a prefix fits several


@dataclass(frozen=True)
class Ancestor:
    """A record on the way from a program to its founders, or to its offspring."""

    record: Record
    depth: int  # 0 is the program itself, 1 its parents or children


def ancestors(ledger: Ledger, program: str) -> Iterator[Ancestor]:
    """Walks from `program` back along all parents, nearest first, each ancestor once."""
    born = {
        birth.program.id: birth
        for birth in ledger.births(ledger.ancestry(program))
        if birth.program is not None
    }
    layer, seen, depth = [program], {program}, 0
    while layer:
        parents: list[str] = []
        for record in (born[name] for name in layer if name in born):
            yield Ancestor(record, depth)
            parents += [parent for parent in record.parents if parent not in seen]
            seen.update(parents)
        layer, depth = list(dict.fromkeys(parents)), depth + 1


def descendants(ledger: Ledger, program: str, most: int | None = None) -> Iterator[Ancestor]:
    """Walks from `program` to all that descend from it, nearest first, each once.

    A record's depth counts from the program itself, which comes first. With `most`, no layer is
    followed beyond so many: a founder may have a hundred thousand children.
    """
    layer, seen, depth = [program], {program}, 0
    while layer:
        for record in ledger.births(layer):
            yield Ancestor(record, depth)
        layer = [each for each in dict.fromkeys(ledger.children(layer)) if each not in seen][:most]
        seen.update(layer)
        depth += 1


def resolve(ledger: Ledger, prefix: str) -> str:
    """The id of the one program whose id begins with `prefix`.

    Raises:
        RunError: no program of the run does, or several do.
    """
    matches = ledger.programs(prefix, _FEW) if prefix else []
    if not matches:
        raise RunError(f"{prefix}: no program of this run; `evolve show RUN` lists the best")
    if len(matches) > 1 and matches[0] != prefix:
        raise RunError(f"{prefix}: several programs begin so, among them {', '.join(matches)}")
    return matches[0]
