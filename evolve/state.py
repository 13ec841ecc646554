"""What a run has come to: a fold over its records, live or read back from a ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from evolve.budget import Budget
from evolve.config import Config
from evolve.database import Database
from evolve.portfolio import Portfolio
from evolve.race import Race
from evolve.records import Evaluation, Record, Verdict


@dataclass
class State:
    """Population, portfolio, budget and race; `absorb` is the only method that changes them.

    Attributes:
        outcomes: how many trials ended in which way; promotions are not trials.
        stopped: how many of the scored were stopped on a cheap rung.
        promoted: id of a program that was measured again -> that measurement.
    """

    database: Database
    portfolio: Portfolio
    budget: Budget
    race: Race
    outcomes: Counter[str] = field(default_factory=Counter)
    stopped: int = 0
    promoted: dict[str, Evaluation | None] = field(default_factory=dict)

    @classmethod
    def of(cls, config: Config, records: Iterable[Record] = ()) -> State:
        """The state that `records` lead to under the settings `config`."""
        state = cls(
            Database(config.database),
            Portfolio(config.search.operators),
            Budget(config.budget),
            Race(config.fitness.rung_shares),
        )
        for record in records:
            state.absorb(record)
        return state

    def absorb(self, record: Record) -> Verdict:
        """Takes in one record; says what the database made of it."""
        mean = self.database.mean
        verdict = self.database.add(record)
        self.budget.charge(record)
        self.race.absorb(record)
        if record.round and record.program:
            self.promoted[record.program.id] = record.evaluation
        else:
            self.portfolio.credit(record, verdict, mean)
            self.outcomes[record.outcome] += 1
            self.stopped += record.evaluation is not None and not record.evaluation.complete
        return verdict
