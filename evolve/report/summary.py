"""A run in one value: its best programs, its operators, its outcomes, its budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

from evolve.budget import Budget
from evolve.database.front import objectives
from evolve.experience import Digest
from evolve.ledger import Ledger
from evolve.portfolio import Tally
from evolve.records import Evaluation, Individual, Record
from evolve.report.controls import Answer, Misses, answers, misses
from evolve.report.specialists import Specialist, specialists
from evolve.runs import Run
from evolve.state import State


@dataclass(frozen=True)
class Find:
    """One of the best programs of a run.

    Attributes:
        fitness: as the search saw it, and so flattered by luck where nothing stands in `again`.
        again: the measurement on fresh seeds, if there was one.
        inside: mean gain in distribution.
        outside: mean gain out of distribution.
    """

    id: str
    operator: str
    note: str
    step: int
    fitness: float
    again: Evaluation | None
    inside: float
    outside: float
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
        front: what nothing beats in distribution, out of it, and in cost at once; cheapest first.
        operators: by name, what came of their trials.
        outcomes: how many trials ended in which way.
        stopped: how many of the scored were stopped on a cheap rung.
        budget: what was used, by name, beside its limit.
        openings: when the test split was opened for it, in UTC.
        answers: what the controls say.
        misses: what a pre-screen would have lost; None where there was none.
        digest: what worked and what failed, as it is told to language models.
        specialists: the best program of every family of tasks, where they were asked for.
    """

    path: str
    status: str
    best: Find | None
    finds: tuple[Find, ...]
    front: tuple[Find, ...]
    operators: dict[str, Tally] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    stopped: int = 0
    budget: dict[str, tuple[float, float | None]] = field(default_factory=dict)
    openings: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    misses: Misses | None = None
    digest: Digest = field(default_factory=Digest)
    specialists: tuple[Specialist, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def read(run: Run, count: int = 5, families: Mapping[str, str] | None = None) -> Summary:
    """What `run` has come to so far, with its `count` best programs.

    Args:
        run: the run.
        count: how many programs.
        families: task -> family, if specialists are wanted.
    """
    with closing(run.ledger()) as ledger:
        records = list(ledger.outlines())
        state = State.of(run.config, records)
        best, front = state.database.ranked()[:count], state.database.front.members.values()
        finds = _finds(best, ledger, state)
        spread = _finds(sorted(front, key=lambda each: each.admission.flops), ledger, state)
    return Summary(
        path=str(run.path),
        status=run.status,
        best=finds[0] if finds else None,
        finds=finds,
        front=spread,
        operators=state.portfolio.tallies,
        outcomes=dict(state.outcomes),
        stopped=state.stopped,
        budget=used(state.budget),
        openings=tuple(
            each.at if each.results else f"{each.at} (broken off)" for each in run.openings()
        ),
        answers=answers(records),
        misses=misses(records),
        digest=state.memory.digest,
        specialists=() if families is None else specialists(records, families),
    )


def used(budget: Budget) -> dict[str, tuple[float, float | None]]:
    """What a run has used beside what it may use, by name."""
    limits = budget.limits
    return {
        "evaluations": (budget.evaluations, limits.evaluations),
        "minutes": (round(budget.seconds / 60, 3), limits.minutes),
        "calls": (budget.calls, limits.calls),
        "tokens": (budget.tokens, limits.tokens),
        "dollars": (budget.dollars, limits.dollars),
    }


def _finds(elites: Iterable[Individual], ledger: Ledger, state: State) -> tuple[Find, ...]:
    named = {elite.program.id: elite for elite in elites}
    return tuple(
        _find(elite, record, state.promoted.get(elite.program.id))
        for elite, record in zip(named.values(), ledger.births([*named]), strict=True)
    )


def _find(elite: Individual, record: Record, again: Evaluation | None) -> Find:
    assert record.evaluation is not None  # noqa: S101  (a birth is scored)
    inside, outside, _ = objectives(elite)
    return Find(
        id=elite.program.id,
        operator=record.operator,
        note=record.note,
        step=record.step,
        fitness=record.evaluation.fitness,
        again=again,
        inside=inside,
        outside=outside,
        flops=elite.admission.flops,
        parameters=elite.admission.parameters,
        canonical=elite.admission.canonical,
    )
