"""The best program of every family of tasks: who would win if only that family counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from evolve.records import Evaluation, Record


@dataclass(frozen=True)
class Specialist:
    """The program that gains most in one family.

    Attributes:
        gain: mean of its gains on the family's tasks and both their sides, as the search saw it.
        fitness: over all families.
    """

    family: str
    id: str
    operator: str
    note: str
    gain: float
    fitness: float


def specialists(records: Iterable[Record], families: Mapping[str, str]) -> tuple[Specialist, ...]:
    """The specialist of every family, among all that were measured in full.

    Args:
        records: a run's.
        families: task -> family; a task that is not in it is a family of its own.
    """
    best: dict[str, Specialist] = {}
    for record in records:
        evaluation = record.evaluation
        if record.round or record.program is None or evaluation is None or not evaluation.complete:
            continue
        for family, gain in gains_by_family(evaluation, families).items():
            if family not in best or gain > best[family].gain:
                best[family] = Specialist(
                    family, record.program.id, record.operator, record.note, gain,
                    evaluation.fitness,
                )  # fmt: skip
    return tuple(best.values())


def gains_by_family(evaluation: Evaluation, families: Mapping[str, str]) -> dict[str, float]:
    """The mean gain in every family of tasks, over both sides."""
    gains: dict[str, list[float]] = {}
    for key, gain in evaluation.gains.items():
        task = key.split("/", 1)[0]
        gains.setdefault(families.get(task, task), []).append(gain)
    return {family: fmean(each) for family, each in gains.items()}
