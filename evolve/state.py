"""What a run has come to: a fold over its records, live or read back from a ledger."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from evolve.budget import Budget
from evolve.config import Config
from evolve.database import Database
from evolve.pace import Pace
from evolve.portfolio import FOUNDERS, Portfolio
from evolve.race import Race
from evolve.records import Evaluation, Individual, Record, Selection, Trial, Verdict

LATEST = 1000
"""How many of the scored an operator may learn from: a selection costs the same in any run."""


@dataclass
class State:
    """Population, portfolio, budget, race and pace; `absorb` is the only method that changes them.

    Attributes:
        records: how many were absorbed.
        outcomes: how many trials ended in which way; promotions are not trials.
        stopped: how many of the scored were stopped on a cheap rung.
        promoted: id of a program that was measured again -> that measurement.
        scored: the latest that trials scored, in the order in which they were absorbed.
    """

    database: Database
    portfolio: Portfolio
    budget: Budget
    race: Race
    pace: Pace = field(default_factory=Pace)
    records: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    stopped: int = 0
    promoted: dict[str, Evaluation | None] = field(default_factory=dict)
    scored: deque[Individual] = field(default_factory=lambda: deque(maxlen=LATEST))

    @classmethod
    def of(cls, config: Config, records: Iterable[Record] = ()) -> State:
        """The state that `records` lead to under the settings `config`."""
        state = cls(
            Database(config.database, config.sandbox.flops),
            Portfolio(config.search),
            Budget(config.budget, confirms=config.fitness.promotion_seeds > 0),
            Race(config.fitness.rung_shares),
        )
        for record in records:
            state.absorb(record)
        return state

    def trial(self, step: int, seed: int, founders: int) -> Trial:
        """What is tried at `step`, given all that is known: the same whenever it is asked again."""
        if step < founders:
            island = step % len(self.database.islands)
            return Trial(FOUNDERS, Selection(step, island), self.records)
        rng = np.random.default_rng((seed, step, 0))
        operator, chosen = self.portfolio.choose(rng), self.database.select(step, rng)
        return Trial(operator, replace(chosen, scored=tuple(self.scored)), self.records)

    def absorb(self, record: Record) -> Verdict:
        """Takes in one record; says what the database made of it."""
        mean = self.database.mean
        verdict = self.database.add(record)
        self.budget.charge(record)
        if record.operator != FOUNDERS:  # they all go on: newcomers are compared with newcomers
            self.race.absorb(record)
        self.pace.note(record)
        self.records += 1
        if record.round and record.program:
            self.promoted[record.program.id] = record.evaluation
        else:
            self.portfolio.credit(record, verdict, mean)
            self.outcomes[record.outcome] += 1
            self.stopped += record.evaluation is not None and not record.evaluation.complete
            if record.individual is not None:
                self.scored.append(record.individual)
        return verdict
