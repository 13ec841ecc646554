"""Who sits out: language models that gave no answer, until they may have recovered."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from evolve.calls import ENDS
from evolve.records import Outcome, Record

ROW = 3
"""Trials in a row without an answer, after which a model rests."""

REST = 8
"""Trials that it rests for, the first time; twice as many each time that it did not help."""


@dataclass
class Bench:
    """A fold over the trials of one session: a model that a session ended with begins anew.

    A failure for good (no key, no such model, no credit) ends its model for the session; any other
    counts towards a rest.

    Attributes:
        trials: how many came to an end, of any operator: what rests are counted in.
    """

    trials: int = 0
    _row: Counter[str] = field(default_factory=Counter)
    _rests: Counter[str] = field(default_factory=Counter)
    _until: dict[str, float] = field(default_factory=dict)

    def sits_out(self, model: str) -> bool:
        """Whether `model` is better not asked now."""
        return self._until.get(model, 0.0) > self.trials

    def note(self, model: str | None, record: Record) -> None:
        """Takes in how a trial ended, and of which model; none if it asked none."""
        self.trials += 1
        if model is None:
            return
        if record.outcome is not Outcome.UNANSWERED:
            if any(not call.failure for call in record.calls):
                self._pardon(model)
            return
        self._row[model] += 1
        if record.detail.endswith(ENDS):
            self._until[model] = math.inf
        elif self._row[model] >= ROW and not self.sits_out(model):
            self._until[model] = self.trials + REST * 2.0 ** self._rests[model]
            self._rests[model] += 1

    def clear(self) -> None:
        """Everybody may be asked again: a session begins."""
        for model in [*self._row]:
            self._pardon(model)

    def _pardon(self, model: str) -> None:
        for kept in (self._row, self._rests, self._until):
            kept.pop(model, None)
