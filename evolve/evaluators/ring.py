"""Drivers in a ring that hand elites on to one another through an actor on Ray."""

from __future__ import annotations

import logging
from collections import deque
from concurrent.futures import Future
from contextlib import AbstractContextManager
from time import monotonic

from evolve.config import EvaluatorsTable
from evolve.evaluators.ray import reached, shared, told
from evolve.protocols import Visitor
from evolve.records import Admission, Program

_BERTHS = 8  # elites that wait for a driver: of more, the oldest go
_PATIENCE = 1.0  # seconds between two questions for what has come

_log = logging.getLogger(__name__)


class Harbour:
    """Where elites wait for the next driver round the ring; an actor."""

    def __init__(self, drivers: int) -> None:
        self._berths: list[deque[Visitor]] = [deque(maxlen=_BERTHS) for _ in range(drivers)]

    def land(self, driver: int, visitor: Visitor) -> None:
        """Takes in what `driver` sends to the one behind it."""
        self._berths[(driver + 1) % len(self._berths)].append(visitor)

    def fetch(self, driver: int) -> list[Visitor]:
        """What has come for `driver`, once."""
        found = list(self._berths[driver])
        self._berths[driver].clear()
        return found


def harbour(table: EvaluatorsTable, drivers: int) -> AbstractContextManager[str]:
    """Opens a harbour on a cluster of one's own, or on the one at the table's address.

    Gives the address at which drivers find it.

    Raises:
        ConfigError: the cluster cannot be reached or joined.
    """
    return shared(table, Harbour, drivers)


class Ring:
    """A driver's place in the ring; if the harbour is lost, it goes on alone."""

    def __init__(self, address: str, table: EvaluatorsTable, number: int, run: str) -> None:
        """Joins the harbour at `address` as driver `number`, from 0, whose run is called `run`."""
        self._harbour = reached(table, address)
        self._number, self._run = number, run
        self._here: deque[Visitor] = deque()
        self._asked: Future[list[Visitor]] | None = None
        self._since = 0.0

    def send(self, program: Program, admission: Admission) -> None:
        """Hands an elite on to the next driver; returns at once."""
        self._harbour.land.remote(self._number, Visitor(self._run, program, admission))

    def arrived(self) -> Visitor | None:
        """The next elite that has come, if one has; never waits."""
        if self._asked is not None and self._asked.done():
            self._unload(self._asked)
            self._asked = None
        elif self._asked is None and monotonic() - self._since > _PATIENCE:
            self._since = monotonic()
            self._asked = told(self._harbour.fetch.remote(self._number))
        return self._here.popleft() if self._here else None

    def _unload(self, asked: Future[list[Visitor]]) -> None:
        if error := asked.exception():
            _log.warning("the other drivers cannot be reached: %s", error)
            self._since = float("inf")  # not asked again
        else:
            self._here.extend(asked.result())
