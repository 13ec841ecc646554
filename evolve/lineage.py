"""Who descends from whom: questions asked of a run's records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evolve.errors import RunError
from evolve.records import Record


@dataclass(frozen=True)
class Ancestor:
    """A record on the way back from a program to its founders."""

    record: Record
    depth: int  # 0 is the program itself, 1 its parents


def makers(records: Iterable[Record]) -> dict[str, Record]:
    """Program id -> the record that first brought it in."""
    made: dict[str, Record] = {}
    for record in records:
        if record.program is not None and record.individual is not None:
            made.setdefault(record.program.id, record)
    return made


def ancestors(records: Iterable[Record], program: str) -> Iterator[Ancestor]:
    """Walks from `program` back along all parents, nearest first, each ancestor once."""
    made = makers(records)
    layer, seen, depth = [program], {program}, 0
    while layer:
        parents: list[str] = []
        for name in layer:
            record = made.get(name)
            if record is None:
                continue
            yield Ancestor(record, depth)
            parents += [parent for parent in record.parents if parent not in seen]
            seen.update(parents)
        layer, depth = list(dict.fromkeys(parents)), depth + 1


def resolve(records: Iterable[Record], prefix: str) -> str:
    """The id of the one program whose id begins with `prefix`.

    Raises:
        RunError: no program of the run does, or several do.
    """
    ids = {record.program.id for record in records if record.program is not None}
    if prefix in ids:
        return prefix
    matches = sorted(each for each in ids if prefix and each.startswith(prefix))
    if len(matches) > 1:
        raise RunError(f"{prefix}: {len(matches)} programs begin so, among them {matches[:3]}")
    if not matches:
        raise RunError(f"{prefix}: no program of this run; `evolve show RUN` lists the best")
    return matches[0]
