"""How long proposals take beside evaluations: what decides how many are made ahead."""

from __future__ import annotations

import math
from dataclasses import dataclass

from evolve.records import Record

LEAST, MOST = 2, 32
"""Bounds of the proposals that are under way for each worker."""

_WEIGHT = 0.05  # of the newest record in the running means


@dataclass
class Pace:
    """Running means over a run's records.

    Attributes:
        proposing: seconds that a trial waits for its proposal.
        training: seconds that an evaluation takes.
        trained: share of the trials that come to be trained.
    """

    proposing: float = 0.0
    training: float = 0.0
    trained: float = 1.0

    @property
    def ahead(self) -> int:
        """Proposals to have under way for each worker, so that none waits (Little's law).

        While one program is trained, proposing / training / trained others have to be under way;
        one more is ready, and half as many again are there for what varies.
        """
        if self.training <= 0:
            return LEAST
        needed = self.proposing / self.training / max(self.trained, 1 / MOST)
        return min(MOST, max(LEAST, 1 + math.ceil(1.5 * needed)))

    def note(self, record: Record) -> None:
        """Takes in how long `record` took; promotions are nobody's proposal."""
        if record.round:
            return
        self.proposing = _mixed(self.proposing, record.seconds)
        self.trained += _WEIGHT * (record.outcome.trained - self.trained)
        if record.evaluation is not None:
            self.training = _mixed(self.training, record.evaluation.seconds)


def _mixed(mean: float, newest: float) -> float:
    return mean + _WEIGHT * (newest - mean) if mean else newest
