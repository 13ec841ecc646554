"""What a run has come to: a fold over its records, live or read back from a ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from evolve.budget import Budget
from evolve.config import Config
from evolve.database import Database
from evolve.portfolio import Portfolio
from evolve.records import Evaluation, Individual, Record, Verdict


@dataclass
class State:
    """Population, portfolio and budget; `absorb` is the only method that changes them.

    Attributes:
        outcomes: how many trials ended in which way; promotions are not trials.
        promoted: id of a program that was measured again -> that measurement.
        scored: everything that trials scored, in the order in which it was absorbed.
    """

    database: Database
    portfolio: Portfolio
    budget: Budget
    outcomes: Counter[str] = field(default_factory=Counter)
    promoted: dict[str, Evaluation | None] = field(default_factory=dict)
    scored: list[Individual] = field(default_factory=list)

    @classmethod
    def of(cls, config: Config, records: Iterable[Record] = ()) -> State:
        """The state that `records` lead to under the settings `config`."""
        state = cls(Database(config.database), Portfolio(config.search), Budget(config.budget))
        for record in records:
            state.absorb(record)
        return state

    def absorb(self, record: Record) -> Verdict:
        """Takes in one record; says what the database made of it."""
        mean = self.database.mean
        verdict = self.database.add(record)
        self.budget.charge(record)
        if record.round and record.program:
            self.promoted[record.program.id] = record.evaluation
        else:
            self.portfolio.credit(record, verdict, mean)
            self.outcomes[record.outcome] += 1
            if record.individual is not None:
                self.scored.append(record.individual)
        return verdict
