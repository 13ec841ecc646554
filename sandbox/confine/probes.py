"""The self-test: what must work under lock, what must be denied, and the level that follows."""

from __future__ import annotations

import math
import os
import socket
import sys
import tempfile
from collections.abc import Callable

from sandbox.confine import landlock
from sandbox.confine.syscalls import this_machine
from sandbox.confine.values import Isolation, Level, Outcome

Job = Callable[[bytes], bytes]
Try = Callable[[Job, Level], tuple[Outcome, str]]


def plain_arithmetic(_message: bytes) -> bytes:
    """What any job does: numbers and some memory."""
    total = sum(math.sin(each) for each in range(1000))
    return f"{total:.6f}".encode() + bytes(bytearray(10))


def gpu_arithmetic(_message: bytes) -> bytes:
    """What a job on a GPU does; torch has been imported before."""
    import torch

    nets = torch.ones(1, 1, 1, device="cuda")
    return bytes(torch.bmm(nets, nets).byte().flatten().tolist())


def hoard(_message: bytes) -> bytes:
    """More memory than a probe is given."""
    return bytes(len(bytearray(2**30)) % 7)


def read_file(_message: bytes) -> bytes:
    """A file that everyone may read."""
    descriptor = os.open("/", os.O_RDONLY)
    return bytes(descriptor)


def write_file(_message: bytes) -> bytes:
    """A file in the folder for passing files."""
    with tempfile.TemporaryFile() as file:
        file.write(b"escaped")
    return b"written"


def open_socket(_message: bytes) -> bytes:
    """A way to the network."""
    socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    return b"open"


def start_process(_message: bytes) -> bytes:
    """A second process."""
    if os.fork() == 0:
        os._exit(0)
    return b"forked"


def reach(attempt: Try, wanted: Level | None = None, honest: Job = plain_arithmetic) -> Isolation:
    """The strongest level whose walls hold here, and why no stronger one does.

    Args:
        attempt: runs a job in a child locked at a level.
        wanted: start from this level, not from the strongest.
        honest: what must work under lock.

    Raises:
        RuntimeError: it works at no level.
    """
    reasons: list[str] = []
    levels = list(Level)
    for level in levels[levels.index(wanted) if wanted else 0 :]:
        flaw = _flaw(attempt, level, honest)
        if not flaw:
            return Isolation(level, tuple(reasons))
        reasons.append(f"{level}: {flaw}.")
    raise RuntimeError(flaw)


def _flaw(attempt: Try, level: Level, honest: Job) -> str:
    """Why a level does not hold, or nothing."""
    if level is not Level.GRAPH and not sys.platform.startswith("linux"):
        return "it needs Linux"
    if level in (Level.FULL, Level.SECCOMP) and this_machine() is None:
        return "it needs an x86_64 or aarch64 processor"
    outcome, detail = attempt(honest, level)
    if outcome is not Outcome.DONE:
        name = honest.__name__.replace("_", " ")
        return f"{name} ended as {outcome} ({detail})" + _landlock_reason(level)
    denied = [] if level is Level.GRAPH else [hoard, write_file]
    if level in (Level.FULL, Level.SECCOMP):
        denied += [read_file, open_socket, start_process]
    for job in denied:
        outcome, _ = attempt(job, level)
        if outcome is Outcome.DONE:
            return f"{job.__name__} is not denied"
    return ""


def _landlock_reason(level: Level) -> str:
    if level is not Level.FULL:
        return ""
    try:
        return f"; Landlock speaks version {landlock.version()}"
    except OSError as error:
        return f"; {error}"
