"""The owner's side: starts a zygote, hands it jobs, and takes their reports."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import asdict
from threading import Lock
from typing import Any, Self

from sandbox.confine.frames import receive, send
from sandbox.confine.nursery import connect
from sandbox.confine.values import (
    DEFAULT_LIMITS,
    Isolation,
    Level,
    Limits,
    Outcome,
    Report,
    ZygoteDied,
)

_PATIENCE = 30.0  # seconds that a zygote may take beyond a job's own limit
_START_SECONDS = 300.0  # importing torch from a cold disk takes long
_FAREWELL = 5.0  # seconds that it may take to end
_CHUNK = 2**16


class Zygote:
    """A process with the modules loaded that forks one locked child for every job.

    One thread uses one zygote. The children run in order; for more at once, start more zygotes.

    Attributes:
        pid: its number, among the processes of its machine.
        isolation: the level that its self-test reached, and why no stronger one.
    """

    def __init__(
        self,
        preload: Sequence[str] = (),
        level: Level | None = None,
        *,
        gpu: bool = False,
        nursery: str | None = None,
    ) -> None:
        """Has it forked by a nursery, and waits until it is ready.

        Args:
            preload: modules to import once; only their functions can be run. A function `warm_up`
                of a module is called before the first fork.
            level: the level to start the self-test from; the strongest where none is given.
            gpu: whether jobs are to reach a GPU: then the level is one at which they do.
            nursery: the address of one that has most of the modules already, if it still answers;
                this program's own for just these modules where none is given.

        Raises:
            ZygoteDied: a module cannot be imported, or leaves a thread behind, or no GPU answers.
        """
        self._preload = tuple(preload)
        self._ending = Lock()  # whoever waits for an answer hangs up too, when it is closed
        self.pid = 0
        try:
            self._socket = connect(preload, gpu=gpu, nursery=nursery)
        except OSError as error:
            raise ZygoteDied(f"zygote: {error}; want a folder for its socket: TMPDIR") from None
        nice = os.getpriority(os.PRIO_PROCESS, 0)
        order = {"preload": self._preload, "level": level, "gpu": gpu, "nice": nice}
        ready, _ = self._exchange(order, b"", _START_SECONDS)
        if "failed" in ready:
            self.close()
            wanted = "want a GPU that torch reaches" if gpu else f"make {self._preload} importable"
            raise ZygoteDied(f"zygote: {ready['failed']}; {wanted}")
        self.pid = ready["pid"]
        self.isolation = Isolation(Level(ready["level"]), tuple(ready["reasons"]))

    def run(self, function: str, message: bytes, limits: Limits = DEFAULT_LIMITS) -> Report:
        """Runs a function of a preloaded module on bytes, in a locked child of its own.

        Args:
            function: "package.module:name" of a trusted function from bytes to bytes.
            message: what it is given; megabytes are fine.
            limits: hard caps; whatever they end is an outcome of the report.

        Raises:
            ValueError: no such function in the preloaded modules.
            ZygoteDied: the zygote is gone; start another one.
        """
        started = time.perf_counter()
        order = {"function": function, "limits": asdict(limits)}
        head, answer = self._exchange(order, message, limits.seconds + _PATIENCE)
        if "unknown" in head:
            raise ValueError(f"{function}: no such function; preloaded are {self._preload}")
        waited = time.perf_counter() - started
        outcome, seconds = Outcome(head["outcome"]), head["seconds"]
        return Report(outcome, answer, head["detail"], seconds, waited - seconds)

    def close(self) -> None:
        """Ends the zygote, and with it a child that may be running."""
        self._end(_FAREWELL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _exchange(
        self, head: dict[str, Any], body: bytes, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        try:
            self._socket.settimeout(seconds)
            send(self._socket, head, body)
            return receive(self._socket)
        except (OSError, EOFError) as error:
            self._end(0.0)
            raise ZygoteDied(f"zygote: {error}; start another one") from None

    def _end(self, seconds: float) -> None:
        """Hangs up, and waits so long until the process has, by itself; once is enough."""
        with self._ending, self._socket:
            try:
                self._socket.shutdown(socket.SHUT_WR)
                self._socket.settimeout(seconds)
                while self._socket.recv(_CHUNK):
                    pass  # an answer that nobody waits for
            except (TimeoutError, BlockingIOError):
                if self.pid:  # it holds the socket, so the number is still its own
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(self.pid, signal.SIGKILL)
            except OSError:
                pass  # it has ended, or this has been done before


def self_test() -> Isolation:
    """The level of isolation that this machine allows, found by trying."""
    with Zygote() as zygote:
        return zygote.isolation
