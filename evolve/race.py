"""Who goes on to a dearer measurement: successive halving, one program at a time.

Asynchronous successive halving (Li et al. 2020, arXiv:1810.05934, algorithm 2): a program goes on
if it is among the best share of all that were measured on the same rung. Nobody waits for others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from evolve.records import Record

# The bar follows the search: what was measured long ago, before it got better, counts no more.
_REMEMBERED = 1000


class Race:
    """What was seen on every rung lately; a fold over records.

    Attributes:
        shares: of the programs on a rung, how many go on; one for each cheap rung.
    """

    def __init__(self, shares: Sequence[float]) -> None:
        self.shares = shares
        self._seen: list[deque[float]] = [deque(maxlen=_REMEMBERED) for _ in shares]

    def rung(self, passed: Sequence[float]) -> int | None:
        """The rung to measure next, after those that were `passed`; none: the full measurement."""
        return len(passed) if len(passed) < len(self.shares) else None

    def goes_on(self, rung: int, fitness: float) -> bool:
        """Whether a program with this fitness on a rung is worth more."""
        seen = self._seen[rung]
        better = sum(each > fitness for each in seen)
        return better < self.shares[rung] * (len(seen) + 1)

    def absorb(self, record: Record) -> None:
        """Takes in what a trial was worth on every rung it reached."""
        if record.evaluation is None or record.round:
            return
        for seen, fitness in zip(self._seen, record.evaluation.rungs, strict=False):
            seen.append(fitness)
