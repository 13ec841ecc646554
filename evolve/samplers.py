"""Proposals in flight: many at once, so that no evaluator has to wait for a language model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from time import monotonic

import numpy as np

from evolve.errors import NoProposal, Unanswered
from evolve.protocols import Operator
from evolve.records import (
    Admission,
    Candidate,
    Outcome,
    Program,
    Proposal,
    Record,
    Refusal,
    Selection,
    Trial,
)

Admit = Callable[[str], tuple[Program, Admission | Refusal]]
"""Source -> the program it is, and what admission made of it."""


@dataclass
class Samplers:
    """Turns trials into candidates, or into records of why there is none."""

    operators: Mapping[str, Operator]
    admit: Admit
    seed: int
    threads: int = 1
    _pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="sampler")

    def submit(self, trial: Trial) -> Future[Candidate | Record]:
        """Begins to sample; returns at once."""
        return self._pool.submit(self.sample, trial)

    def sample(self, trial: Trial) -> Candidate | Record:
        """Asks the trial's operator for a program, and has it admitted."""
        started = monotonic()
        island, seen = trial.selection.island, trial.seen
        ended = partial(Record, trial.step, trial.operator, island, seen=seen)
        rng = np.random.default_rng((self.seed, trial.step, 1))
        try:
            proposal = self.operators[trial.operator].propose(trial.selection, rng)
        except Unanswered as why:
            seconds = monotonic() - started
            return ended(Outcome.UNANSWERED, detail=str(why), calls=why.calls, seconds=seconds)
        except NoProposal as why:
            outcome, seconds = Outcome.NO_PROPOSAL, monotonic() - started
            return ended(outcome, detail=str(why), note=why.note, calls=why.calls, seconds=seconds)
        if stranger := _stranger(proposal, trial.selection):
            fault = (
                f"{trial.operator} names {stranger!r}, which it was not shown; a fault of its own"
            )
            calls, seconds = proposal.calls, monotonic() - started
            return ended(Outcome.NO_PROPOSAL, detail=fault, calls=calls, seconds=seconds)
        program, judged = self.admit(proposal.source)
        refusal, admission = (judged, None) if isinstance(judged, Refusal) else (None, judged)
        record = ended(
            refusal.outcome if refusal else Outcome.SCORED,
            parents=proposal.parents,
            inspirations=proposal.inspirations,
            detail=str(refusal) if refusal else "",
            note=proposal.note,
            calls=proposal.calls,
            program=program,
            admission=admission,
            seconds=monotonic() - started,
        )
        return Candidate(record, admission) if admission else record

    def close(self) -> None:
        """Begins nothing more; does not wait for a model that is still thinking."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _stranger(proposal: Proposal, selection: Selection) -> str | None:
    """A parent or inspiration that is not of the selection: lineage could not follow it."""
    shown = {each.program.id for each in (*selection.parents, *selection.inspirations)}
    others = {*proposal.parents, *proposal.inspirations} - shown
    if others:  # rarely, so that a thousand need not be looked through
        others -= {each.program.id for each in selection.scored}
    return min(others, default=None)
