"""What happens to a run, as values: the display, lines for machines and trackers hear the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from evolve.config import Config
from evolve.loop import Loop
from evolve.portfolio import PROMOTION
from evolve.records import Individual, Record, Verdict
from evolve.report.summary import Summary, used
from evolve.runs import FINISHED, Run

Used: TypeAlias = Mapping[str, tuple[float, float | None]]

ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        FINISHED: f"{FINISHED}: {{}}",
        "paused": "paused, for no model is left to ask: {}",
        "stopped": "stopped by {}",
    }
)


@dataclass(frozen=True)
class Started:
    """What the ledger holds has been absorbed, and the search begins or goes on.

    Attributes:
        loop: the search, for those that look at it between events.
    """

    run: Run
    config: Config
    loop: Loop

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "event": "started",
            "path": str(self.run.path),
            "operators": list(self.config.search.operators),
            "workers": self.loop.evaluator.workers,
            "records": self.loop.state.records,
            "used": used(self.loop.state.budget),
            "remarks": list(self.loop.remarks),
        }


@dataclass(frozen=True)
class Absorbed:
    """A trial or a promotion has ended.

    Attributes:
        records: how many the run has, this one among them.
        looks_best: it would be the best if its figure held, and is measured again.
        best: the best so far, by shrunken fitness.
        in_flight: trials begun and not yet absorbed.
        used: what the run has used beside what it may use, by name.
    """

    record: Record
    verdict: Verdict
    records: int
    looks_best: bool
    best: Individual | None
    in_flight: int
    used: Used

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        record, evaluation = self.record, self.record.evaluation
        return {
            "event": PROMOTION if record.round else record.outcome.value,
            "records": self.records,
            "step": record.step,
            "operator": record.operator,
            "island": record.island,
            "program": record.program and record.program.id,
            "parents": list(record.parents),
            "original": record.original or None,
            "detail": record.detail,
            "fitness": evaluation and evaluation.fitness,
            "interval": evaluation and list(evaluation.interval),
            "complete": evaluation and evaluation.complete,
            "verdict": self.verdict.value,
            "looks_best": self.looks_best,
            "best": self.best
            and {"program": self.best.program.id, "fitness": self.best.evaluation.fitness},
            "in_flight": self.in_flight,
            "used": self.used,
        }


@dataclass(frozen=True)
class Ended:
    """The run is over, or can be gone on with.

    Attributes:
        how: one of ENDINGS.
        why: the stop rule that held, or what it was stopped by.
    """

    how: str
    why: str
    summary: Summary

    @property
    def words(self) -> str:
        """How and why, for people."""
        return ENDINGS[self.how].format(self.why)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"event": self.how, "why": self.why, **self.summary.to_json()}


Event: TypeAlias = Started | Absorbed | Ended
Listener: TypeAlias = Callable[[Event], None]


def absorbed(loop: Loop, record: Record, verdict: Verdict) -> Absorbed:
    """The event that `record` is, as soon as `loop` has absorbed it."""
    state = loop.state
    contender = state.database.contender
    return Absorbed(
        record=record,
        verdict=verdict,
        records=state.records,
        looks_best=not record.round
        and record.evaluation is not None
        and contender is not None
        and contender.program == record.program,
        best=state.database.best,
        in_flight=len(loop.flight),
        used=used(state.budget),
    )
