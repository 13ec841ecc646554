"""What a run has come to: a fold over its records, live or read back from a ledger."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from evolve.budget import Budget
from evolve.config import Config
from evolve.database import Database
from evolve.experience import Digest
from evolve.memory import Memory
from evolve.pace import Pace
from evolve.portfolio import FOUNDERS, Portfolio, is_model, model_asked
from evolve.race import Race
from evolve.records import Evaluation, Individual, Record, Selection, Trial, Verdict

LATEST = 1000
"""How many of the scored an operator may learn from: a selection costs the same in any run."""

CHILDREN = 4
"""Asked of each draw of parents, where questions are long: they begin alike, and so servers and
providers that cache prompts read them once (Romera-Paredes et al. 2024, FunSearch, ask as many)."""


@dataclass
class State:
    """Population, portfolio, budget, race and pace; `absorb` is the only method that changes them.

    Attributes:
        records: how many were absorbed.
        outcomes: how many trials ended in which way; promotions are not trials.
        stopped: how many of the scored were stopped on a cheap rung.
        promoted: id of a program that was measured again -> that measurement.
        memory: what was tried from whom, and what worked.
        stocktaking: steps from one to the next at which a model writes the digest; 0 for never.
        children: how many trials of a row draw their parents alike, where they ask a model.
        scored: the latest that trials scored, in the order in which they were absorbed.
    """

    database: Database
    portfolio: Portfolio
    budget: Budget
    race: Race
    memory: Memory
    stocktaking: int = 0
    children: int = 1
    pace: Pace = field(default_factory=Pace)
    records: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    stopped: int = 0
    promoted: dict[str, Evaluation | None] = field(default_factory=dict)
    scored: deque[Individual] = field(default_factory=lambda: deque(maxlen=LATEST))
    # The same, frozen: the trials of one moment share it.
    _scored: tuple[Individual, ...] | None = field(default=None, compare=False)

    @classmethod
    def of(cls, config: Config, records: Iterable[Record] = ()) -> State:
        """The state that `records` lead to under the settings `config`."""
        state = cls(
            Database(config.database, config.sandbox.flops),
            Portfolio(config.search),
            Budget(config.budget, confirms=config.fitness.promotion_seeds > 0),
            Race([share for *_, share in config.fitness.rungs]),
            Memory(config.model.memory_every),
            *((config.model.memory_every, CHILDREN) if config.model.is_told_in_full else (0, 1)),
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
        writer, operator = self._stocktaker(step), self.portfolio.choose(rng)
        operator = writer or operator
        if self.children > 1 and is_model(operator):
            rng = np.random.default_rng((seed, self._eldest(step), 2))
        chosen = self.database.select(step, rng)
        parent = chosen.parents[0].program.id if chosen.parents else ""
        if self._scored is None:
            self._scored = tuple(self.scored)
        selection = replace(
            chosen,
            scored=self._scored,
            tried=self.memory.tried(parent),
            # Only prompts tell it, and it takes longer to make than all else of a trial.
            digest=self.memory.digest if is_model(operator) else Digest(),
            takes_stock=writer is not None,
        )
        return Trial(operator, selection, self.records)

    def _eldest(self, step: int) -> int:
        """The first of the steps that draw alike.

        They alternate with as many other such rows as there are islands: a cache has only what was
        answered, so that questions in flight at once had better not be the same.
        """
        rows = len(self.database.islands)
        return step - step % (rows * self.children) + step % rows

    def _stocktaker(self, step: int) -> str | None:
        """Who writes the digest at this step: the first operator whose model does not sit out."""
        if not self.stocktaking or not self.scored or step % self.stocktaking:
            return None
        names = (name for name in self.portfolio.table.operators if is_model(name))
        bench = self.portfolio.bench
        return next((n for n in names if not bench.sits_out(model_asked(n) or "")), None)

    def absorb(self, record: Record) -> Verdict:
        """Takes in one record; says what the database made of it."""
        mean = self.database.mean
        verdict = self.database.add(record)
        self.budget.charge(record)
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
                self._scored = None
            self.memory.note(record, self.scored)
        return verdict
