"""The seams of the house: each has at least two implementations, or it would not be here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any, NamedTuple, Protocol

import numpy as np

from evolve.calls import Price
from evolve.records import (
    Admission,
    Call,
    Evaluation,
    Failure,
    Message,
    Program,
    Proposal,
    Selection,
)


class Operator(Protocol):
    """Makes a new program out of old ones; keeps no state between calls."""

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """Varies `selection` into one proposal.

        Raises:
            NoProposal: nothing usable came out, e.g. a reply without code.
        """
        ...


class Model(Protocol):
    """A language model: messages in, text out, with what it cost."""

    @property
    def name(self) -> str:
        """How people call it, e.g. `local:smollm2-135m`."""
        ...

    @property
    def grammars(self) -> bool:
        """Whether replies can be held to a grammar."""
        ...

    @property
    def price(self) -> Price | None:
        """What it charges; none if nobody here knows."""
        ...

    def complete(
        self, messages: Sequence[Message], *, seed: int, grammar: str | None = None
    ) -> Call:
        """One reply to `messages`.

        Args:
            messages: the conversation so far, system first.
            seed: for the model's own sampling; a model that cannot be seeded ignores it.
            grammar: GBNF text that the reply must match; only where `grammars` is true.

        Raises:
            Unanswered: no answer can be had; says what to do about it.
            ModelError: nothing could be asked.
        """
        ...

    def close(self) -> None:
        """Ends what was started for this model: a server, a connection."""
        ...


class Workshop(Protocol):
    """Has networks trained for an operator, on a task of the search, in a locked process."""

    def work(self, job: str, order: Mapping[str, Any], draw: int) -> Mapping[str, Any]:
        """What a job answers.

        Args:
            job: "package.module:name" of a function as `evolve.workshop` describes them.
            order: what it is told beside the lesson, as plain JSON values.
            draw: decides which task's lesson it is handed; the same one for the same number.

        Raises:
            NoProposal: the job found nothing, or ran into its limits.
        """
        ...

    def close(self) -> None:
        """Ends the process."""
        ...


class Evaluator(Protocol):
    """Trains and scores admitted programs, in this process or on many machines."""

    @property
    def workers(self) -> int:
        """How many programs are trained at once."""
        ...

    def submit(
        self,
        admission: Admission,
        round: int,  # noqa: A002
        rung: int | None = None,
    ) -> Future[Evaluation | Failure]:
        """Begins to measure `admission`; returns at once.

        Args:
            admission: what to train.
            round: 0 for the search's own seeds and data, n > 0 for the n-th fresh draw.
            rung: a cheap rung of the race, counted from 0; none is the full measurement.

        A candidate, model or machine that fails is a `Failure`, never an exception.
        """
        ...

    def close(self) -> None:
        """Gives back the processes; what was in flight is lost."""
        ...


class Visitor(NamedTuple):
    """An elite of another driver: what it is, and the run that it comes from."""

    run: str
    program: Program
    admission: Admission


class Neighbours(Protocol):
    """Drivers that search beside this one, each with a ledger of its own."""

    def send(self, program: Program, admission: Admission) -> None:
        """Hands an elite on to the next driver; returns at once."""
        ...

    def arrived(self) -> Visitor | None:
        """The next elite that has come from another driver, if one has; never waits."""
        ...
