"""A run seen from far, kept up with its ledger: only what is new is read, and no text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from evolve.ledger import Glimpse
from evolve.records import Record
from evolve.runs import Run

FITTEST = 600
"""Programs that are looked at closely: the archive, the front and the gallery are made of these."""
_POINTS = 1000  # of a curve: more than a screen has columns


@dataclass
class Survey:
    """What the page knows of one run; several threads may ask.

    Attributes:
        glimpses: every record, in the order of the ledger.
    """

    run: Run
    glimpses: list[Glimpse] = field(default_factory=list)
    _births: dict[str, Record] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def refresh(self) -> int:
        """Reads what has been written since; gives the number of records."""
        with self._lock, closing(self.run.ledger()) as ledger:
            last = self.glimpses[-1].record if self.glimpses else 0
            self.glimpses.extend(ledger.skim(last))
            return len(self.glimpses)

    @property
    def operators(self) -> list[str]:
        """Names of all that proposed."""
        return sorted({each.operator for each in self.glimpses})

    @property
    def outcomes(self) -> Counter[str]:
        """How many trials ended in which way."""
        return Counter(each.outcome for each in self.glimpses if not each.round)

    def progress(self) -> tuple[list[int], list[float]]:
        """The best fitness so far over the records, thinned to where it rises."""
        best, steps, heights = -np.inf, [], []
        for number, each in enumerate(self.glimpses, start=1):
            if each.fitness is not None and _whole(each) and each.fitness > best:
                best = each.fitness
                steps.append(number)
                heights.append(best)
        if steps:
            steps.append(len(self.glimpses))
            heights.append(best)
        return steps[-_POINTS:], heights[-_POINTS:]

    def cloud(self, operator: str | None) -> list[Glimpse]:
        """Scored trials, thinned evenly to what a screen can show."""
        found = [
            each
            for each in self.glimpses
            if each.fitness is not None and operator in (None, each.operator)
        ]
        return found[:: max(1, len(found) // _POINTS)]

    def throughput(self) -> tuple[list[float], list[float]]:
        """(minutes at work, records a minute), in fifty stretches at most."""
        clocks = np.array([each.clock for each in self.glimpses]) / 60
        if len(clocks) < 2 or clocks.max() <= 0:
            return [], []
        counts, edges = np.histogram(clocks, bins=min(50, len(clocks)))
        widths = np.diff(edges)
        return edges[1:].round(3).tolist(), (counts / widths).round(2).tolist()

    def ranked(self, operator: str | None, text: str, most: int) -> list[Glimpse]:
        """The fittest programs, each once, of an operator and with an id that begins so."""
        seen: dict[str, Glimpse] = {}
        for each in self.glimpses:
            if each.fitness is None or each.program is None or not _whole(each):
                continue
            fits = operator in (None, each.operator) and each.program.startswith(text)
            if fits and each.program not in seen:
                seen[each.program] = each
        return sorted(seen.values(), key=lambda each: -(each.fitness or 0.0))[:most]

    def births(self, programs: Sequence[str]) -> list[Record]:
        """Outlines of the first scored records of programs; what was read once is kept."""
        with self._lock:
            missing = [name for name in programs if name not in self._births]
            if missing:
                with closing(self.run.ledger()) as ledger:
                    self._keep(ledger.births(missing))
            return [self._births[name] for name in programs if name in self._births]

    def fittest(self, most: int = FITTEST) -> list[Record]:
        """Outlines of the fittest."""
        return self.births([each.program or "" for each in self.ranked(None, "", most)])

    def _keep(self, records: Iterable[Record]) -> None:
        if len(self._births) > 20 * FITTEST:
            self._births.clear()
        self._births.update({each.program.id: each for each in records if each.program})


def _whole(glimpse: Glimpse) -> bool:
    """Whether its fitness may stand beside that of others: the search's own, on all seeds."""
    return not glimpse.round and not glimpse.partial
