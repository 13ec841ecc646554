"""What a run may still use: a fold over its records, and a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from evolve.config import BudgetTable
from evolve.records import Record


@dataclass
class Budget:
    """Counts what records cost, and says when a limit is reached.

    Attributes:
        evaluations: programs trained, failures included, promotions not.
        barren: trials in a row that trained nothing.
        before: seconds at work in earlier sessions of this run.
    """

    limits: BudgetTable
    now: Callable[[], float] = monotonic
    evaluations: int = 0
    tokens: int = 0
    dollars: float = 0.0
    barren: int = 0
    before: float = 0.0
    _started: float | None = field(default=None, init=False)

    @property
    def seconds(self) -> float:
        """Seconds at work, over all sessions."""
        return self.before + (self.now() - self._started if self._started is not None else 0.0)

    def start(self) -> None:
        """Starts the clock of this session."""
        self._started = self.now()

    def reached(self, in_flight: int = 0) -> str | None:
        """The limit that forbids one more trial beside those `in_flight`, for people; or none."""
        limits = self.limits
        used = {
            "evaluations": (self.evaluations + in_flight, limits.evaluations),
            "minutes": (self.seconds / 60, limits.minutes),
            "tokens": (self.tokens, limits.tokens),
            "dollars": (self.dollars, limits.dollars),
        }
        for name, (amount, limit) in used.items():
            if limit is not None and amount >= limit:
                return f"{name}={limit:g}"
        if self.barren >= limits.barren:
            return f"{self.barren} trials in a row brought nothing new"
        return None

    def charge(self, record: Record) -> None:
        """Books what `record` cost."""
        self.tokens += record.tokens
        self.dollars += record.dollars
        if self._started is None:  # replayed: the clock of an earlier session
            self.before = max(self.before, record.clock)
        if record.round:
            return
        self.evaluations += record.outcome.trained
        self.barren = 0 if record.outcome.trained else self.barren + 1
