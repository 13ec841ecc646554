"""Signals that end a run: heeded at once, and what is being closed is closed once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signalled(BaseException):
    """A signal came: not an error, and nothing that may be caught on the way."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    @property
    def name(self) -> str:
        """SIGINT, SIGTERM or SIGHUP."""
        return signal.Signals(self.number).name

    @property
    def code(self) -> int:
        """What the process ends with: 128 and the signal's number."""
        return 128 + self.number


@contextmanager
def heeding_signals() -> Iterator[Callable[[], None]]:
    """Raises Signalled as soon as a signal comes; gives what to call if others took its place."""

    def heed(number: int, _: FrameType | None) -> None:
        for each in _SIGNALS:  # what is being closed is closed once
            signal.signal(each, signal.SIG_IGN)
        raise Signalled(number)

    def heed_all() -> None:
        for each in _SIGNALS:
            signal.signal(each, heed)

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    heed_all()
    try:
        yield heed_all
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
