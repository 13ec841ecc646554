"""What a pre-screen made of a proposal: kept in the trial's note, read back for its miss rate."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NOTE = re.compile(r"\[(un)?screened: (\d+) of (\d+), foretold ([+-][\d.]+|-inf)\]$")


@dataclass(frozen=True)
class Screening:
    """How a proposal stood among those that were made beside it.

    Attributes:
        rank: 1 for the one that was foretold the best.
        width: how many there were.
        foretold: its fitness, as the screen foretold it.
        unscreened: it was let through whatever its rank.
    """

    rank: int
    width: int
    foretold: float
    unscreened: bool

    def noted(self, note: str) -> str:
        """An operator's note with this behind it."""
        how = "unscreened" if self.unscreened else "screened"
        return f"{note} [{how}: {self.rank} of {self.width}, foretold {self.foretold:+.3f}]"


def screening(note: str) -> Screening | None:
    """What `noted` wrote; None where nothing was screened."""
    found = _NOTE.search(note)
    if found is None:
        return None
    return Screening(int(found[2]), int(found[3]), float(found[4]), found[1] is not None)
