"""The search itself: select, sample, evaluate, absorb."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from evolve.errors import Paused
from evolve.flight import Flight
from evolve.ledger import Ledger
from evolve.portfolio import FOUNDERS, NEIGHBOURS, PROMOTION
from evolve.protocols import Evaluator, Neighbours
from evolve.records import (
    Candidate,
    Evaluation,
    Failure,
    Individual,
    Outcome,
    Record,
    Verdict,
)
from evolve.samplers import Samplers
from evolve.state import State

STOP_FILE = "stop file"

Watch = Callable[[Record, Verdict], None]


def unasked() -> bool:
    """Nobody asks for an end."""
    return False


def unwatched(record: Record, verdict: Verdict) -> None:
    """Looks away: for runs that nobody follows."""


@dataclass
class Loop:
    """One run, steady-state: every result is absorbed as it arrives.

    `run` may be stopped at any moment; `resume` goes on from the ledger.

    Attributes:
        founders: the first so many steps are founders'.
        ahead: proposals made ahead of every worker, as many as it takes if none; with one worker
            and 0, steps go one by one.
        promotes: whether whatever would be the best is measured again on fresh seeds.
        asked_to_stop: whether somebody outside wants the run to end.
        remarks: what people should know before it begins.
        neighbours: drivers with whom elites are exchanged, as islands exchange theirs.
        sent: how many elites were handed on to them.
        over: the stop rule that held last.
        silence: why no model answers any more; empty while one does, or none is needed.
        flight: trials begun and not yet absorbed.
    """

    state: State
    samplers: Samplers
    evaluator: Evaluator
    ledger: Ledger
    seed: int
    founders: int
    ahead: int | None
    promotes: bool
    watch: Watch = unwatched
    asked_to_stop: Callable[[], bool] = unasked
    remarks: tuple[str, ...] = ()
    neighbours: Neighbours | None = None
    sent: int = 0
    step: int = 0
    over: str = ""
    silence: str = ""
    missing: deque[int] = field(default_factory=deque)
    flight: Flight = field(default_factory=Flight)

    def resume(self) -> None:
        """Rebuilds the state that the ledger describes."""
        seen = set()
        for record in self.ledger.outlines():
            self._absorb(record)
            seen.add(record.step)
        self.state.portfolio.bench.clear()
        # Steps that were in flight when the run was cut off: they are taken again, first.
        self.missing.extend(step for step in range(self.step) if step not in seen)

    def run(self) -> str:
        """Searches until a stop rule holds; says which.

        Raises:
            Paused: none of its models answers any more; all that was in flight has been recorded.
        """
        self.state.budget.start()
        gc.freeze()  # what was imported stays for good: no collection need look through it
        try:
            self._fill()
            while self.flight:
                self._land()
                self._hand_on()
                self._fill()
        finally:
            gc.unfreeze()
        if self.silence:
            raise Paused(self.silence)
        return self.over

    def _land(self) -> None:
        """Absorbs what has arrived, and records it in one go: a fault among it takes none along."""
        landed: list[tuple[Record, Verdict]] = []
        try:
            for arrived in self._arrivals():
                twin, clock = self.state.database.twin(arrived), self.state.budget.seconds
                record = replace(arrived, twin=twin, clock=clock)
                landed.append((record, self._absorb(record.outline)))
                if not self.state.portfolio.silent:
                    self.silence = ""  # what was in flight may have been answered after all
                elif record.outcome is Outcome.UNANSWERED:
                    self.silence = record.detail
        finally:
            if landed:
                self.ledger.extend(record for record, _ in landed)
        for record, verdict in landed:
            self.watch(record, verdict)

    def _over(self) -> str | None:
        if self.asked_to_stop():
            return STOP_FILE
        flight = self.flight
        return self.state.budget.reached(len(flight), flight.asking, flight.spent)

    @property
    def _room(self) -> int:
        ahead = self.state.pace.ahead if self.ahead is None else self.ahead
        return self.evaluator.workers * (1 + ahead)

    def _fill(self) -> None:
        flight, room = self.flight, self._room
        while len(flight) < room:
            if contender := self._unpromoted():
                self._promote(contender)
            elif self.silence:
                break
            elif over := self._over():
                self.over = over
                break
            elif visitor := self._visitor():
                flight.enter(visitor)
            else:
                trial = self.state.trial(self._next_step(), self.seed, self.founders)
                flight.sample(trial, self.samplers.submit(trial))
        while flight.ready and len(flight.training) < self.evaluator.workers:
            candidate = flight.ready.popleft()
            round_number, rung = candidate.record.round, self._rung(candidate)
            future = self.evaluator.submit(candidate.admission, round_number, rung)
            flight.train(candidate, future)

    def _next_step(self) -> int:
        if self.missing:
            return self.missing.popleft()
        self.step += 1
        return self.step - 1

    def _unpromoted(self) -> Individual | None:
        # One at a time, so that what a promotion shows decides who is promoted next.
        if not self.promotes or self.step < self.founders:
            return None
        if self.flight.promotions:
            return None
        contender = self.state.database.contender
        if contender is None or contender.program.id in self.state.promoted:
            return None
        return contender

    def _promote(self, contender: Individual) -> None:
        record = Record(
            self._next_step(),
            PROMOTION,
            island=0,
            outcome=Outcome.SCORED,
            program=contender.program,
            admission=contender.admission,
            round=1,
            seen=self.state.records,
        )
        self.flight.enter(Candidate(record, contender.admission), first=True)

    def _hand_on(self) -> None:
        """Sends an island's best to the neighbours whenever islands exchange theirs."""
        database = self.state.database
        if self.neighbours and database.migrations > self.sent:
            self.sent = database.migrations
            if elite := database.emigrant(self.sent):
                self.neighbours.send(elite.program, elite.admission)

    def _visitor(self) -> Candidate | None:
        """The next elite of another driver, as a trial, unless its function is known here."""
        while self.neighbours and (visitor := self.neighbours.arrived()):
            if self._trained_or_about_to_be(visitor.admission.fingerprint):
                continue
            step = self._next_step()
            record = Record(
                step,
                NEIGHBOURS,
                step % len(self.state.database.islands),
                Outcome.SCORED,
                note=f"from {visitor.run}",
                program=visitor.program,
                admission=visitor.admission,
                seen=self.state.records,
            )
            return Candidate(record, visitor.admission)
        return None

    def _arrivals(self) -> Iterator[Record]:
        for landed in self.flight.landed():
            if landed in self.flight.sampling:
                match self.flight.sampled(landed):
                    case Record() as record:
                        yield record
                    case Candidate() as candidate:
                        known = self._trained_or_about_to_be(candidate.admission.fingerprint)
                        (self.flight.echo if known else self.flight.enter)(candidate)
            else:
                yield from self._trained(self.flight.training.pop(landed), landed.result())
        # A duplicate is recorded after its original, never before: a run that is cut off in
        # between would point at a program that nobody trained.
        for echo in [*self.flight.echoes]:
            if original := self.state.database.original(echo.admission):
                self.flight.die_away(echo)
                yield replace(echo.record, outcome=Outcome.DUPLICATE, original=original)

    def _trained(self, candidate: Candidate, found: Evaluation | Failure) -> Iterator[Record]:
        """What becomes of a candidate that comes back from a worker."""
        if isinstance(found, Failure):
            self.flight.leave(candidate)
            yield replace(candidate.record, outcome=found.outcome, detail=found.detail)
        else:
            yield from self._measured(candidate, found)

    def _measured(self, candidate: Candidate, evaluation: Evaluation) -> Iterator[Record]:
        """The record of a candidate, unless it goes on to the next rung of the race."""
        record, rungs = candidate.record, candidate.rungs
        seconds = candidate.seconds + evaluation.seconds
        rung = self._rung(candidate)
        if rung is not None:
            rungs = (*rungs, evaluation.fitness)
            if self.state.race.goes_on(rung, evaluation.fitness):
                again = replace(candidate, rungs=rungs, seconds=seconds)
                self.flight.ready.appendleft(again)
                return
        self.flight.leave(candidate)
        if rungs:
            complete = rung is None
            evaluation = replace(evaluation, seconds=seconds, rungs=rungs, complete=complete)
        yield replace(record, outcome=Outcome.SCORED, evaluation=evaluation)

    def _rung(self, candidate: Candidate) -> int | None:
        """The cheap rung that comes next; none is the full measurement.

        Founders begin with it: they all go on, and newcomers are compared with newcomers.
        """
        record = candidate.record
        if record.round or record.operator == FOUNDERS:
            return None
        return self.state.race.rung(candidate.rungs)

    def _trained_or_about_to_be(self, fingerprint: str) -> bool:
        return fingerprint in self.state.database.originals or self.flight.has(fingerprint)

    def _absorb(self, record: Record) -> Verdict:
        # The only place where the state of a run changes, live or replayed.
        self.step = max(self.step, record.step + 1)
        return self.state.absorb(record)
