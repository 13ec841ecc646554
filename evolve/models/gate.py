"""What keeps all threads that ask one model away from it while its server wants a rest."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock
from time import monotonic

from evolve.errors import ModelError


class Gate:
    """Closed for a while by whoever met a busy server, opened by whoever was answered."""

    def __init__(self) -> None:
        self._until = 0.0
        self._lock = Lock()
        self._ended = Event()

    def close(self, seconds: float) -> None:
        """Nobody passes for so long; a longer rest that was asked for already stands."""
        with self._lock:
            self._until = max(self._until, monotonic() + seconds)

    def open(self) -> None:
        """Whoever comes now passes at once."""
        with self._lock:
            self._until = 0.0

    def wait(self, sleep: Callable[[float], object] | None = None) -> None:
        """Waits until it opens by itself; by `sleep`, if that is given.

        Raises:
            ModelError: it was ended meanwhile: nobody waits for the model any more.
        """
        remaining = self._until - monotonic()
        if remaining > 0:
            (sleep or self._ended.wait)(remaining)
        if self._ended.is_set():
            raise ModelError("the model has been closed; connect anew")

    def end(self) -> None:
        """Sends away whoever waits: a run that was stopped ends at once."""
        self._ended.set()
