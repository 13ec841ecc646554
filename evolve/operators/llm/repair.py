"""A refused program goes back to the model that wrote it, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from evolve.errors import NoProposal, Unanswered
from evolve.operators.llm.operator import SEEDS, Llm
from evolve.operators.llm.reply import program_in
from evolve.records import Admission, Message, Program, Proposal, Refusal, Selection

Admit = Callable[[str], tuple[Program, Admission | Refusal]]

_LONGEST = 4000  # characters of a refused program that are shown again


@dataclass(frozen=True)
class Repairing:
    """Asks again, in the same conversation, for what admission refused.

    The only text that reaches a model unadmitted is its own, in its own turn of one conversation.

    Attributes:
        admit: what admission makes of a program.
        times: how often a program goes back at most.
    """

    operator: Llm
    admit: Admit
    times: int

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """The first program that is admitted, or the last one written.

        Raises:
            NoProposal: the first reply holds no program.
            Unanswered: the model gave no answer to the first question.
            ModelError: the model cannot be asked.
        """
        proposal = self.operator.propose(selection, rng)
        for turn in range(1, self.times + 1):
            _, verdict = self.admit(proposal.source)
            if isinstance(verdict, Admission):
                break
            messages = (
                *proposal.calls[-1].messages,
                Message("assistant", f"```python\n{proposal.source[:_LONGEST].strip()}\n```"),
                *self.operator.phrasing.repair(verdict),
            )
            seed = int(rng.integers(SEEDS))
            try:
                call = self.operator.model.complete(messages, seed=seed)
            except Unanswered as silent:
                return replace(proposal, calls=proposal.calls + silent.calls)
            proposal = replace(proposal, calls=(*proposal.calls, call))
            try:
                source = program_in(call.reply)
            except NoProposal:
                break
            # The first line is the note of the kind; a digest's own lines follow it.
            kind, *lines = proposal.note.splitlines()
            kind = f"{kind.partition(', repaired')[0]}, repaired {turn} of {self.times}"
            proposal = replace(proposal, source=source, note="\n".join([kind, *lines]))
        return proposal
