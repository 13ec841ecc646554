"""What keeps all threads that ask one model away from it while its server wants a rest."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic


class Gate:
    """Closed for a while by whoever met a busy server, opened by whoever was answered."""

    def __init__(self) -> None:
        self._until = 0.0
        self._lock = Lock()

    def close(self, seconds: float) -> None:
        """Nobody passes for so long; a longer rest that was asked for already stands."""
        with self._lock:
            self._until = max(self._until, monotonic() + seconds)

    def open(self) -> None:
        """Whoever comes now passes at once."""
        with self._lock:
            self._until = 0.0

    def wait(self, sleep: Callable[[float], None]) -> None:
        """Sleeps until it opens by itself."""
        remaining = self._until - monotonic()
        if remaining > 0:
            sleep(remaining)
