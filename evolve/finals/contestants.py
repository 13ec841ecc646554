"""Who takes part in a final: the finalists' shortlist, and the best of the control operators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evolve.config import Config
from evolve.database.shrinkage import pooled, shrunken
from evolve.portfolio import FOUNDERS
from evolve.records import Evaluation, Individual, Record
from evolve.state import State

MOST = 5
"""Finalists, at most."""

SHORTLISTED = 10
"""Programs that compete on valid to be finalists."""

CONTROLS = ("random", "gp")
"""Operators whose best program takes part, whether it is a finalist or not."""


@dataclass(frozen=True)
class Contestant:
    """A program of the run that takes part.

    Attributes:
        individual: the program as the search saw it.
        by: the operator that made it.
        promoted: its measurement on fresh seeds, if there was one.
        finalist: whether it was picked on valid.
        champion: whether the search found it the best of its operator, which is a control.
    """

    individual: Individual
    by: str
    promoted: Evaluation | None
    finalist: bool = False
    champion: bool = False

    @property
    def id(self) -> str:
        """The program's."""
        return self.individual.program.id

    @property
    def role(self) -> str:
        """Why it takes part, in words."""
        words = ["finalist"] * self.finalist + [f"best {self.by}"] * self.champion
        return ", ".join(words)


def shortlist(records: Sequence[Record], config: Config) -> list[Contestant]:
    """The programs of highest shrunken fitness among elites and promoted ones, best first.

    Founders are left out: they take part as textbook activations.
    """
    state, made = State.of(config, records), _makers(records)
    named = {elite.program.id for elite in state.database.ranked()} | set(state.promoted)
    known = (made[name] for name in sorted(named) if name in made)
    theirs = [_contestant(each, state) for each in known if each.operator != FOUNDERS]
    mean = state.database.mean
    return sorted(theirs, key=lambda each: -shrunken(_pooled(each), mean))[:SHORTLISTED]


def champions(records: Sequence[Record], config: Config) -> Iterator[Contestant]:
    """The program of each control operator that the search found fittest, if it made any."""
    state, made = State.of(config, records), _makers(records)
    for operator in CONTROLS:
        theirs = [_contestant(each, state) for each in made.values() if each.operator == operator]
        if theirs:
            best = max(theirs, key=_seeming)
            yield replace(best, champion=True)


def _makers(records: Sequence[Record]) -> dict[str, Record]:
    """Program id -> the record that first scored it."""
    scored = [each for each in records if each.program is not None and each.individual is not None]
    return {each.program.id: each for each in reversed(scored) if each.program is not None}


def _seeming(each: Contestant) -> tuple[bool, float, str]:
    """How good it looked to the search; what was stopped on a cheap rung comes last."""
    evaluation = each.individual.evaluation
    return evaluation.complete, evaluation.fitness, each.id


def _contestant(record: Record, state: State) -> Contestant:
    individual = record.individual
    assert individual is not None  # noqa: S101  (_makers only knows scored records)
    again = state.promoted.get(individual.program.id)
    return Contestant(individual, record.operator, again)


def _pooled(each: Contestant) -> Individual:
    if each.promoted is None:
        return each.individual
    evaluation = pooled(each.individual.evaluation, each.promoted)
    return replace(each.individual, evaluation=evaluation)
