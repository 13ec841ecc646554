"""A run in one value: its best programs, its operators, its outcomes, its budget."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from evolve.budget import Budget
from evolve.lineage import makers
from evolve.portfolio import Tally
from evolve.records import Evaluation, Individual, Record
from evolve.report.controls import Answer, Misses, answers, misses
from evolve.runs import Run
from evolve.state import State


@dataclass(frozen=True)
class Find:
    """One of the best programs of a run.

    Attributes:
        fitness: as the search saw it, and so flattered by luck where nothing stands in `again`.
        again: the measurement on fresh seeds, if there was one.
    """

    id: str
    operator: str
    note: str
    step: int
    fitness: float
    again: Evaluation | None
    flops: float
    parameters: int
    canonical: str

    @property
    def believed(self) -> float:
        """The fitness on fresh seeds where there is one, else the search's."""
        return self.again.fitness if self.again else self.fitness


@dataclass(frozen=True)
class Summary:
    """What a run has come to.

    Attributes:
        best: the elite with the highest shrunken fitness; none before anything was scored.
        finds: the best elites, best first.
        operators: by name, what came of their trials.
        outcomes: how many trials ended in which way.
        budget: what was used, by name, beside its limit.
        answers: what the controls say.
        misses: what a pre-screen would have lost; None where there was none.
    """

    path: str
    status: str
    best: Find | None
    finds: tuple[Find, ...]
    operators: dict[str, Tally] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    budget: dict[str, tuple[float, float | None]] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    misses: Misses | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def read(run: Run, count: int = 5) -> Summary:
    """What `run` has come to so far, with its `count` best programs."""
    records, config = run.records(), run.config
    state, made = State.of(config, records), makers(records)
    again = state.promoted
    finds = tuple(
        _find(elite, made[elite.program.id], again.get(elite.program.id))
        for elite in state.database.ranked()[:count]
    )
    return Summary(
        path=str(run.path),
        status=run.status,
        best=finds[0] if finds else None,
        finds=finds,
        operators=state.portfolio.tallies,
        outcomes=dict(state.outcomes),
        budget=used(state.budget),
        answers=answers(records),
        misses=misses(records),
    )


def used(budget: Budget) -> dict[str, tuple[float, float | None]]:
    """What a run has used beside what it may use, by name."""
    limits = budget.limits
    return {
        "evaluations": (budget.evaluations, limits.evaluations),
        "minutes": (round(budget.seconds / 60, 3), limits.minutes),
        "tokens": (budget.tokens, limits.tokens),
        "dollars": (budget.dollars, limits.dollars),
    }


def _find(elite: Individual, record: Record, again: Evaluation | None) -> Find:
    assert record.evaluation is not None  # noqa: S101  (makers only knows scored records)
    return Find(
        id=elite.program.id,
        operator=record.operator,
        note=record.note,
        step=record.step,
        fitness=record.evaluation.fitness,
        again=again,
        flops=elite.admission.flops,
        parameters=elite.admission.parameters,
        canonical=elite.admission.canonical,
    )
