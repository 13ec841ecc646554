"""The owner's side: starts a zygote, hands it jobs, and takes their reports."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Self

from sandbox.confine.frames import receive, send
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
# Freed memory stays with its job, in large pages: a child's first touch of a page is dear.
_ALLOCATION = {
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**32 - 1),
    "MALLOC_TOP_PAD_": str(2**26),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


class Zygote:
    """A process with the modules loaded that forks one locked child for every job.

    One thread uses one zygote. The children run in order; for more at once, start more zygotes.

    Attributes:
        isolation: the level that its self-test reached, and why no stronger one.
    """

    def __init__(
        self, preload: Sequence[str] = (), level: Level | None = None, *, gpu: bool = False
    ) -> None:
        """Starts the process and waits until it is ready.

        Args:
            preload: modules to import once; only their functions can be run. A function `warm_up`
                of a module is called before the first fork.
            level: the level to start the self-test from; the strongest where none is given.
            gpu: whether jobs are to reach a GPU: then the level is one at which they do.

        Raises:
            ZygoteDied: a module cannot be imported, or leaves a thread behind, or no GPU answers.
        """
        self._preload = tuple(preload)
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter, our own module
                [sys.executable, "-P", "-m", "sandbox.confine.server", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_environment(gpu=gpu),
            )
        self._socket = ours
        order = {"preload": self._preload, "level": level, "gpu": gpu}
        ready, _ = self._exchange(order, b"", _START_SECONDS)
        if "failed" in ready:
            self.close()
            wanted = "want a GPU that torch reaches" if gpu else f"make {self._preload} importable"
            raise ZygoteDied(f"zygote: {ready['failed']}; {wanted}")
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
        self._socket.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

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
            self._process.kill()
            self.close()
            code = self._process.returncode
            raise ZygoteDied(f"zygote: {error} (exit code {code}); start another one") from None


def self_test() -> Isolation:
    """The level of isolation that this machine allows, found by trying."""
    with Zygote() as zygote:
        return zygote.isolation


def _environment(*, gpu: bool) -> dict[str, str]:
    """A clean environment: the path of modules, one thread, a device or none, none of our keys."""
    devices = "CUDA_VISIBLE_DEVICES"
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {
        **threads,
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        **_ALLOCATION,
        **({k: v for k, v in os.environ.items() if k == devices} if gpu else {devices: ""}),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(os.path.abspath(each) for each in sys.path),  # noqa: PTH100
    }
