"""What ends a run: a fold over its records, and a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from evolve.config import BudgetTable
from evolve.records import Record

_PICO = 10**12


@dataclass(frozen=True)
class Spent:
    """What language models were asked for and charged, in whole numbers: sums leave no rest."""

    calls: int = 0
    tokens: int = 0
    picodollars: int = 0

    @classmethod
    def of(cls, record: Record) -> Spent:
        """What one trial cost."""
        if not record.calls:
            return NOTHING
        return cls(len(record.calls), record.tokens, round(record.dollars * _PICO))

    @property
    def dollars(self) -> float:
        """The price."""
        return self.picodollars / _PICO

    def __add__(self, other: Spent) -> Spent:
        if other is NOTHING:
            return self
        return Spent(
            self.calls + other.calls,
            self.tokens + other.tokens,
            self.picodollars + other.picodollars,
        )

    def __sub__(self, other: Spent) -> Spent:
        return self + Spent(-other.calls, -other.tokens, -other.picodollars)


NOTHING = Spent()


@dataclass
class Budget:
    """Counts what records cost and bring, and says when a stop rule holds.

    Attributes:
        confirms: whether only a measurement on fresh seeds can reach the target.
        evaluations: programs trained, failures included, promotions not.
        calls: questions put to language models, answered or not.
        dearest: the most tokens, and the most dollars, that one trial has cost: what is set aside
            for each trial that is being asked for.
        barren: trials in a row that trained nothing.
        stale: trials in a row without a new best.
        best: the highest fitness that the search saw.
        confirmed: the highest fitness that counts toward the target.
        before: seconds at work in earlier sessions of this run.
    """

    limits: BudgetTable
    now: Callable[[], float] = monotonic
    confirms: bool = True
    evaluations: int = 0
    calls: int = 0
    tokens: int = 0
    dollars: float = 0.0
    dearest: tuple[int, float] = (0, 0.0)
    barren: int = 0
    stale: int = 0
    best: float = -float("inf")
    confirmed: float = -float("inf")
    before: float = 0.0
    _started: float | None = field(default=None, init=False)
    _latest: float = field(default=0.0, init=False)

    @property
    def seconds(self) -> float:
        """Seconds at work, over all sessions; never less than it was, whatever the clock does."""
        if self._started is not None:
            self._latest = max(self._latest, self.now() - self._started)
        return self.before + self._latest

    def start(self) -> None:
        """Starts the clock of this session."""
        self._started = self.now()

    def reached(self, in_flight: int = 0, asking: int = 0, unbooked: Spent = NOTHING) -> str | None:
        """The rule that forbids one more trial, for people; or none.

        Args:
            in_flight: trials that are begun and not absorbed: each may be an evaluation.
            asking: those of them that may be asking a language model: for each is set aside what
                the dearest one cost.
            unbooked: what those cost that have asked, and are not absorbed.
        """
        limits = self.limits
        calls = self.calls + asking + unbooked.calls
        tokens, dollars = self.tokens + unbooked.tokens, self.dollars + unbooked.dollars
        used = {
            "evaluations": (self.evaluations + in_flight, limits.evaluations),
            "minutes": (self.seconds / 60, limits.minutes),
            "calls": (calls, limits.calls),
            "tokens": (tokens + asking * self.dearest[0], limits.tokens),
            "dollars": (dollars + asking * self.dearest[1], limits.dollars),
            "target": (self.confirmed, limits.target),
        }
        for name, (amount, limit) in used.items():
            if limit is not None and amount >= limit:
                return f"{name}={limit:g}"
        if limits.patience is not None and self.stale >= limits.patience:
            return f"{self.stale} trials in a row brought no new best"
        if self.barren >= limits.barren:
            return f"{self.barren} trials in a row brought nothing new"
        return None

    def charge(self, record: Record) -> None:
        """Books what `record` cost and what it brought."""
        self.calls += len(record.calls)
        self.tokens += record.tokens
        self.dollars += record.dollars
        tokens, dollars = self.dearest
        self.dearest = (max(tokens, record.tokens), max(dollars, record.dollars))
        if self._started is None:  # replayed: the clock of an earlier session
            self.before = max(self.before, record.clock)
        whole = record.evaluation is not None and record.evaluation.complete
        fitness = record.evaluation.fitness if record.evaluation and whole else -float("inf")
        if bool(record.round) is self.confirms:
            self.confirmed = max(self.confirmed, fitness)
        if record.round:
            return
        self.evaluations += record.outcome.trained
        self.barren = 0 if record.outcome.trained else self.barren + 1
        self.stale = 0 if fitness > self.best else self.stale + 1
        self.best = max(self.best, fitness)
