"""A run done again from its recorded replies: where does anything come out otherwise?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from evolve.errors import ModelError
from evolve.ledger import Ledger
from evolve.portfolio import NEIGHBOURS, PROMOTION
from evolve.protocols import Evaluator
from evolve.records import Candidate, Evaluation, Failure, Outcome, Record
from evolve.samplers import Samplers
from evolve.state import State


@dataclass(frozen=True)
class Difference:
    """One field of one record that came out otherwise."""

    step: int
    field: str
    recorded: object
    replayed: object


@dataclass
class Replay:
    """Every trial of a ledger once more, each in the state that it was begun in.

    What was recorded is absorbed, whatever comes out now: so one difference does not make a
    hundred. A record knows how many came before its trial was begun; so a run of many workers,
    whose results arrived in any order, is replayed as exactly as one of one worker.
    """

    ledger: Ledger
    state: State
    samplers: Samplers
    evaluator: Evaluator
    seed: int
    founders: int

    def __iter__(self) -> Iterator[tuple[Record, list[Difference]]]:
        """Every record of the ledger with the fields in which its replay differs."""
        taken_over = self.ledger.taken_over()  # chosen under another run's settings
        begun = defaultdict(list)
        for step, seen in self.ledger.begun()[taken_over:]:
            begun[seen].append(step)
        sampled: dict[int, Candidate | Record] = {}
        given = {
            record.step: record
            for record in self.ledger.outlines()
            if record.round or record.operator == NEIGHBOURS
        }
        sessions = self.ledger.sessions_began()
        for count, record in enumerate(self.ledger):
            if count in sessions:
                self.state.portfolio.bench.clear()
            for step in sorted(begun[count]):
                sampled[step] = self._sample(step, given.get(step))
            if count >= taken_over:
                judged = self._judged(sampled.pop(record.step), record.evaluation)
                yield record, _differences(record, judged)
            self.state.absorb(record)

    def _sample(self, step: int, given: Record | None) -> Candidate | Record:
        if given is None:
            trial = self.state.trial(step, self.seed, self.founders)
            try:
                return self.samplers.sample(trial)
            except ModelError as error:  # asked otherwise than it was: nobody recorded an answer
                island = trial.selection.island
                return Record(step, trial.operator, island, Outcome.NO_PROPOSAL, detail=str(error))
        if given.operator == NEIGHBOURS and given.admission:  # what arrived then, arrives now
            arrived = replace(
                given, outcome=Outcome.SCORED, detail="", original="", twin="", evaluation=None,
                seen=self.state.records,
            )  # fmt: skip
            return Candidate(arrived, given.admission)
        contender = self.state.database.contender
        again = Record(
            step, PROMOTION, 0, Outcome.SCORED, round=given.round, seen=self.state.records
        )
        if contender is None:
            return again
        again = replace(again, program=contender.program, admission=contender.admission)
        return Candidate(again, contender.admission)

    def _judged(self, sampled: Candidate | Record, known: Evaluation | None) -> Record:
        if isinstance(sampled, Record):
            return sampled
        record, twin = sampled.record, self.state.database.twin(sampled.record)
        original = self.state.database.original(sampled.admission)
        if original and not record.round:
            return replace(record, outcome=Outcome.DUPLICATE, original=original, twin=twin)
        match self._measured(sampled, known):
            case Failure() as failure:
                ended = replace(record, outcome=failure.outcome, detail=failure.detail)
            case Evaluation() as evaluation:
                ended = replace(record, outcome=Outcome.SCORED, evaluation=evaluation)
        return replace(ended, twin=twin)

    def _measured(self, sampled: Candidate, known: Evaluation | None) -> Evaluation | Failure:
        """Every rung that it was measured on then, and in full if it came to that."""
        racing = range(0 if sampled.record.round else len(self.state.race.shares))
        rungs: list[int | None] = [*(racing[: len(known.rungs)] if known else racing)]
        if known is None or known.complete:
            rungs.append(None)
        passed: tuple[float, ...] = ()
        for rung in rungs:
            future = self.evaluator.submit(sampled.admission, sampled.record.round, rung)
            match future.result():
                case Failure() as failure:
                    return failure
                case Evaluation() as found:
                    passed = passed if rung is None else (*passed, found.fitness)
                    last = replace(found, rungs=passed, complete=rung is None)
        return last


def _differences(recorded: Record, replayed: Record) -> list[Difference]:
    then, now = _timeless(recorded), _timeless(replayed)
    return [
        Difference(recorded.step, field.name, getattr(then, field.name), getattr(now, field.name))
        for field in fields(Record)
        if getattr(then, field.name) != getattr(now, field.name)
    ]


def _timeless(record: Record) -> Record:
    """The record without what a clock wrote."""
    evaluation = record.evaluation and replace(record.evaluation, seconds=0.0)
    calls = tuple(replace(call, seconds=0.0) for call in record.calls)
    return replace(record, evaluation=evaluation, calls=calls, seconds=0.0, clock=0.0)
