"""Which operator goes next: Thompson sampling over what its proposals came to."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from evolve.records import Record, Verdict

FOUNDERS = "founders"
PROMOTION = "promotion"


@dataclass
class Tally:
    """What came of one operator's trials so far."""

    asked: int = 0
    proposed: int = 0
    admitted: int = 0
    duplicate: int = 0
    scored: int = 0
    improved: int = 0  # first in its niche, or better than the niche's elite
    paid: int = 0  # improved, and fitter than the mean of all that was scored before


@dataclass
class Portfolio:
    """Draws each operator's success rate from its posterior, and asks the highest draw.

    The rate is the share of trials that paid: an elite fitter than the mean so far, since an empty
    niche alone is easily filled. Its prior is Beta(1, 1) (Thompson 1933; Chapelle & Li 2011): bad
    operators are asked rarely, never not at all.
    """

    names: tuple[str, ...]
    tallies: dict[str, Tally] = field(default_factory=dict)

    def choose(self, rng: np.random.Generator) -> str:
        """Name of the operator for the next trial."""
        draws = []
        for name in self.names:
            tally = self.tallies.get(name, Tally())
            draws.append(rng.beta(1 + tally.paid, 1 + tally.asked - tally.paid))
        return self.names[int(np.argmax(draws))]

    def credit(self, record: Record, verdict: Verdict, mean: float) -> None:
        """Notes how the trial of `record` turned out, when the mean fitness was `mean`."""
        tally = self.tallies.setdefault(record.operator, Tally())
        tally.asked += 1
        tally.proposed += record.program is not None
        tally.admitted += record.admission is not None
        tally.duplicate += record.outcome == "duplicate"
        tally.scored += record.individual is not None
        tally.improved += verdict is not Verdict.REJECTED
        fit = record.evaluation is not None and record.evaluation.fitness > mean
        tally.paid += fit and verdict is not Verdict.REJECTED
