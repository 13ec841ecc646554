"""Trials begun and not yet absorbed, counted: a look at them costs the same however many."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from evolve.budget import NOTHING, Spent
from evolve.portfolio import is_model
from evolve.records import Candidate, Evaluation, Failure, Record, Trial


@dataclass
class Flight:
    """What is under way, and who comes back from it.

    Attributes:
        sampling: trials for which a program is being proposed.
        ready: candidates for the next workers that are free.
        training: candidates that a worker has.
        echoes: candidates whose function is being trained: duplicates, once that is recorded.
        asking: trials that may be spending tokens at this moment.
        promotions: candidates that are measured again.
        spent: what proposing all the candidates has cost.
    """

    sampling: dict[Future[Candidate | Record], Trial] = field(default_factory=dict)
    ready: deque[Candidate] = field(default_factory=deque)
    training: dict[Future[Evaluation | Failure], Candidate] = field(default_factory=dict)
    echoes: list[Candidate] = field(default_factory=list)
    asking: int = 0
    promotions: int = 0
    spent: Spent = NOTHING
    _begun: Counter[str] = field(default_factory=Counter)  # fingerprints of ready and training
    _landed: SimpleQueue[Future[Any]] = field(default_factory=SimpleQueue)

    def __len__(self) -> int:
        """How many trials; an echo is none that anybody waits for."""
        return len(self.sampling) + len(self.ready) + len(self.training)

    def has(self, fingerprint: str) -> bool:
        """Whether a function is being trained, or about to be."""
        return fingerprint in self._begun

    def sample(self, trial: Trial, future: Future[Candidate | Record]) -> None:
        """A trial that is being proposed."""
        self.sampling[future] = trial
        self.asking += is_model(trial.operator)
        future.add_done_callback(self._landed.put)

    def sampled(self, future: Future[Candidate | Record]) -> Candidate | Record:
        """What came of proposing."""
        self.asking -= is_model(self.sampling.pop(future).operator)
        return future.result()

    def enter(self, candidate: Candidate, *, first: bool = False) -> None:
        """A candidate that is to be trained, before all others or after them."""
        self.spent += Spent.of(candidate.record)
        self._begun[candidate.admission.fingerprint] += 1
        self.promotions += candidate.record.round > 0
        (self.ready.appendleft if first else self.ready.append)(candidate)

    def train(self, candidate: Candidate, future: Future[Evaluation | Failure]) -> None:
        """A candidate that a worker has."""
        self.training[future] = candidate
        future.add_done_callback(self._landed.put)

    def leave(self, candidate: Candidate) -> None:
        """A candidate that has been trained."""
        self.spent -= Spent.of(candidate.record)
        fingerprint = candidate.admission.fingerprint
        self._begun[fingerprint] -= 1
        if not self._begun[fingerprint]:
            del self._begun[fingerprint]
        self.promotions -= candidate.record.round > 0

    def echo(self, candidate: Candidate) -> None:
        """A candidate that waits for what comes of its twin."""
        self.spent += Spent.of(candidate.record)
        self.echoes.append(candidate)

    def die_away(self, echo: Candidate) -> None:
        """An echo that is recorded now."""
        self.spent -= Spent.of(echo.record)
        self.echoes.remove(echo)

    def landed(self) -> Iterator[Future[Any]]:
        """Waits until something is done; gives all that is, in the order in which it was."""
        yield self._landed.get()
        with suppress(Empty):
            while True:
                yield self._landed.get_nowait()
