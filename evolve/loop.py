"""The search itself: select, sample, evaluate, absorb."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from evolve.ledger import Ledger
from evolve.portfolio import FOUNDERS, PROMOTION
from evolve.protocols import Evaluator
from evolve.records import (
    Candidate,
    Evaluation,
    Failure,
    Individual,
    Outcome,
    Record,
    Selection,
    Trial,
    Verdict,
)
from evolve.samplers import Samplers
from evolve.state import State

Watch = Callable[[Record, Verdict], None]


def unwatched(record: Record, verdict: Verdict) -> None:
    """Looks away: for runs that nobody follows."""


@dataclass
class Loop:
    """One run, steady-state: every result is absorbed as it arrives.

    `run` may be stopped at any moment; `resume` goes on from the ledger.

    Attributes:
        founders: the first so many steps are founders'.
        ahead: proposals made ahead of every worker; with one worker and 0, steps go one by one.
        promotes: whether whatever would be the best is measured again on fresh seeds.
    """

    state: State
    samplers: Samplers
    evaluator: Evaluator
    ledger: Ledger
    seed: int
    founders: int
    ahead: int
    promotes: bool
    watch: Watch = unwatched
    step: int = 0
    missing: deque[int] = field(default_factory=deque)
    sampling: set[Future[Candidate | Record]] = field(default_factory=set)
    ready: deque[Candidate] = field(default_factory=deque)
    training: dict[Future[Evaluation | Failure], Candidate] = field(default_factory=dict)

    @property
    def in_flight(self) -> int:
        """Trials begun and not yet absorbed."""
        return len(self.sampling) + len(self.ready) + len(self.training)

    def resume(self) -> None:
        """Rebuilds the state that the ledger describes."""
        seen = set()
        for record in self.ledger:
            self._absorb(record)
            seen.add(record.step)
        # Steps that were in flight when the run was cut off: they are taken again, first.
        self.missing.extend(step for step in range(self.step) if step not in seen)

    def run(self) -> str:
        """Searches until a limit of the budget is reached; says which."""
        self.state.budget.start()
        self._fill()
        while self.in_flight:
            for arrived in self._arrivals():
                record = replace(arrived, clock=self.state.budget.seconds)
                self.ledger.append(record)
                verdict = self._absorb(record)
                self.watch(record, verdict)
            self._fill()
        return self.state.budget.reached() or ""

    def _fill(self) -> None:
        room = self.evaluator.workers * (1 + self.ahead)
        while self.in_flight < room:
            if contender := self._unpromoted():
                self._promote(contender)
            elif self.state.budget.reached(self.in_flight):
                break
            else:
                self.sampling.add(self.samplers.submit(self._trial()))
        while self.ready and len(self.training) < self.evaluator.workers:
            candidate = self.ready.popleft()
            future = self.evaluator.submit(candidate.admission, candidate.record.round)
            self.training[future] = candidate

    def _trial(self) -> Trial:
        step, database = self._next_step(), self.state.database
        if step < self.founders:
            return Trial(FOUNDERS, Selection(step, step % len(database.islands)))
        rng = np.random.default_rng((self.seed, step, 0))
        operator, chosen = self.state.portfolio.choose(rng), database.select(step, rng)
        return Trial(operator, replace(chosen, scored=tuple(self.state.scored)))

    def _next_step(self) -> int:
        if self.missing:
            return self.missing.popleft()
        self.step += 1
        return self.step - 1

    def _unpromoted(self) -> Individual | None:
        # One at a time, so that what a promotion shows decides who is promoted next.
        contender = self.state.database.contender
        if not self.promotes or self.step < self.founders or contender is None:
            return None
        busy = any(candidate.record.round for candidate in [*self.ready, *self.training.values()])
        return None if busy or contender.program.id in self.state.promoted else contender

    def _promote(self, contender: Individual) -> None:
        record = Record(
            self._next_step(),
            PROMOTION,
            island=0,
            outcome=Outcome.SCORED,
            program=contender.program,
            admission=contender.admission,
            round=1,
        )
        self.ready.appendleft(Candidate(record, contender.admission))

    def _arrivals(self) -> Iterator[Record]:
        futures: list[Future[Any]] = [*self.sampling, *self.training]
        wait(futures, return_when=FIRST_COMPLETED)
        for sampled in [future for future in self.sampling if future.done()]:
            self.sampling.remove(sampled)
            match sampled.result():
                case Record() as record:
                    yield record
                case Candidate() as candidate:
                    if original := self._original(candidate.admission.fingerprint):
                        yield replace(candidate.record, outcome=Outcome.DUPLICATE, detail=original)
                    else:
                        self.ready.append(candidate)
        for trained in [future for future in self.training if future.done()]:
            record = self.training.pop(trained).record
            match trained.result():
                case Failure() as failure:
                    yield replace(record, outcome=failure.outcome, detail=failure.detail)
                case Evaluation() as evaluation:
                    yield replace(record, outcome=Outcome.SCORED, evaluation=evaluation)

    def _original(self, fingerprint: str) -> str | None:
        """Id of the program with this fingerprint that was trained, or is about to be."""
        begun = [*self.ready, *self.training.values()]
        in_flight = {
            candidate.admission.fingerprint: candidate.record.program.id
            for candidate in begun
            if candidate.record.program
        }
        return self.state.database.originals.get(fingerprint) or in_flight.get(fingerprint)

    def _absorb(self, record: Record) -> Verdict:
        # The only place where the state of a run changes, live or replayed.
        self.step = max(self.step, record.step + 1)
        return self.state.absorb(record)
