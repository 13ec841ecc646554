"""The nursery and its zygotes: processes that have imported all once, and do nothing but fork.

The nursery forks a zygote for each owner, and ends with the program that began it. A zygote forks a
locked child for each job; it has one thread, serves one job at a time, and ends when the socket to
its owner does. (A signal on the owner's death would be wrong: it fires when the owning *thread*
ends.)
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from sandbox.confine.child import Job, run_job
from sandbox.confine.frames import HEAD_BYTES, receive, send, unpack_answer
from sandbox.confine.lock import Memory, child_filter
from sandbox.confine.probes import gpu_arithmetic, plain_arithmetic, reach
from sandbox.confine.syscalls import this_machine
from sandbox.confine.values import Isolation, Level, Limits, Outcome

_CHUNK = 2**16
# A child that has hung up without an answer may be about to end: killed at once, it would seem to
# have died of our own signal.
_FAREWELL, _GLANCE = 0.5, 0.001  # seconds


class Server:
    """Forks children; `serve` runs until the owner is gone."""

    def __init__(self, owner: socket.socket, modules: Mapping[str, ModuleType]) -> None:
        self._owner = owner
        self._modules = modules
        self._base = Memory.now()
        self._children: list[int] = []  # one at most: the last job's, until it is reaped
        self._level = Level.GRAPH
        if this_machine() is not None:
            child_filter()

    def settle(
        self, wanted: Level | None = None, known: Isolation | None = None, *, gpu: bool = False
    ) -> Isolation:
        """Finds the level that holds here, or tries the one that is asked for.

        Args:
            wanted: the level to start from; the strongest where none is given.
            known: what was found, from the strongest on and without a GPU, before this was forked.
            gpu: whether jobs are to reach a GPU.

        Raises:
            RuntimeError: jobs are to reach a GPU, and none does at any level.
        """
        if known is None or wanted is not None or gpu:
            known = reach(self._probe, wanted, gpu_arithmetic if gpu else plain_arithmetic)
        self._level = known.level
        return known

    def serve(self) -> None:
        """Answers jobs in order, until the owner is gone (`EOFError`, `ConnectionError`)."""
        try:
            while True:
                head, message = receive(self._owner)
                send(self._owner, *self._answer(head, message))
                self._reap()
        finally:
            self._reap()

    def run(
        self, job: Job, message: bytes, limits: Limits, level: Level
    ) -> tuple[Outcome, bytes, str]:
        """One job in one child: how it ended, its answer, and a detail."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            run_job(job, message, limits, level, self._base, writer)
        os.close(writer)
        self._children.append(child)
        try:
            early, frame = self._listen(reader, limits)
        finally:
            os.close(reader)
        whole = early is None and unpack_answer(frame)[0] is not Outcome.BROKEN_FRAME
        # A whole answer need not wait until its child has gone; how any other ended, that tells.
        return _judge(early, frame, 0 if whole else self._reap(_FAREWELL if not early else 0.0))

    def _reap(self, farewell: float = 0.0) -> int:
        """Ends what is left of the last child, which has so many seconds to end by itself.

        Gives its exit code or minus its signal, or 0 if it was gone already.
        """
        return _end(self._children.pop(), farewell) if self._children else 0

    def _answer(self, head: dict[str, Any], message: bytes) -> tuple[dict[str, Any], bytes]:
        module, _, name = head["function"].partition(":")
        job = vars(self._modules[module]).get(name) if module in self._modules else None
        if not callable(job):
            return {"unknown": head["function"]}, b""
        started = time.perf_counter()
        outcome, answer, detail = self.run(job, message, Limits(**head["limits"]), self._level)
        seconds = time.perf_counter() - started
        return {"outcome": outcome, "detail": detail, "seconds": seconds}, answer

    def _probe(self, job: Job, level: Level) -> tuple[Outcome, str]:
        limits = Limits(seconds=60, cpu_seconds=60, memory_bytes=2**28, answer_bytes=64)
        outcome, _, detail = self.run(job, b"", limits, level)
        self._reap()
        return outcome, detail

    def _listen(self, reader: int, limits: Limits) -> tuple[Outcome | None, bytes]:
        """Reads until the child has written all, too much, or for too long."""
        deadline = time.monotonic() + limits.seconds
        most = HEAD_BYTES + limits.answer_bytes
        poll = select.poll()
        poll.register(reader, select.POLLIN)
        poll.register(self._owner, select.POLLRDHUP if sys.platform == "linux" else 0)
        frame = bytearray()
        while True:
            left = deadline - time.monotonic()
            ready = dict(poll.poll(max(0.0, left) * 1000))
            if not ready or left <= 0:
                return Outcome.TIMED_OUT, b""
            if reader not in ready:
                raise EOFError("the owner is gone: nobody wants the answer")
            chunk = os.read(reader, _CHUNK)
            if not chunk:
                return None, bytes(frame)
            frame += chunk
            if len(frame) > most:
                return Outcome.FLOODED, b""


def _end(child: int, farewell: float) -> int:
    """Kills what is left of a child and its group; gives its exit code or minus its signal."""
    until = time.monotonic() + farewell
    ended, status = os.waitpid(child, os.WNOHANG)
    while not ended and time.monotonic() < until:
        time.sleep(_GLANCE)
        ended, status = os.waitpid(child, os.WNOHANG)
    # Once it has been waited for, its number may be another's; its group's may not.
    for kill in (os.killpg,) if ended else (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue  # not yet a group of its own, or already gone
    if not ended:
        _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _judge(early: Outcome | None, frame: bytes, status: int) -> tuple[Outcome, bytes, str]:
    if early is not None:
        return early, b"", str(early).replace("_", " ")
    if status == -signal.SIGXCPU:
        return Outcome.TIMED_OUT, b"", "CPU time used up"
    if status == -signal.SIGSYS:
        return Outcome.DENIED, b"", "a system call that no job needs"
    if status != 0:
        name = signal.Signals(-status).name if status < 0 else f"exit code {status}"
        return Outcome.CRASHED, b"", name
    outcome, body = unpack_answer(frame)
    if outcome is Outcome.DONE:
        return outcome, body, ""
    told = body.decode("ascii", "replace")
    if outcome is Outcome.BROKEN_FRAME or not (told.isidentifier() or not told):
        return Outcome.BROKEN_FRAME, b"", "what came up is no answer"
    return outcome, b"", told


def _settle_torch() -> None:
    """One thread and no compiled kernels: a child may neither start threads nor map code."""
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
        torch.backends.mkldnn.set_flags(False)


def _preload(names: Sequence[str], warm: set[str]) -> dict[str, ModuleType]:
    """Imports modules and calls their `warm_up`, but of those that are warm already."""
    modules = {name: importlib.import_module(name) for name in names}
    _settle_torch()
    for name in set(names) - warm:
        warm_up: Callable[[], None] | None = vars(modules[name]).get("warm_up")
        if warm_up is not None:
            warm_up()
    warm.update(names)
    if _threads() != 1:
        raise RuntimeError(f"{_threads()} threads after preloading; a fork could hang")
    gc.freeze()  # so that a child's collections touch, and copy, none of our pages
    return modules


def _threads() -> int:
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else 1


def _hatch(listener: socket.socket, lifeline: socket.socket) -> socket.socket | None:
    """Forks a zygote for each owner: there it returns the owner's socket, here none in the end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for zygotes
    with listener:
        while True:
            ready, _, _ = select.select([listener, lifeline], [], [])
            if lifeline in ready:
                return None
            owner, _ = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                return owner
            owner.close()


def _live(owner: socket.socket, warm: set[str], known: Isolation | None) -> None:
    """The life of a zygote, until its owner is gone (`EOFError`, `ConnectionError`)."""
    try:
        order, _ = receive(owner)
        with contextlib.suppress(PermissionError):  # to be less nice than the nursery
            os.setpriority(os.PRIO_PROCESS, 0, order["nice"])
        server = Server(owner, _preload(order["preload"], warm))
        wanted = None if order["level"] is None else Level(order["level"])
        isolation = server.settle(wanted, known, gpu=order["gpu"])
    except (ImportError, RuntimeError, OSError) as error:
        send(owner, {"failed": f"{type(error).__name__}: {error}"})
        return
    ready = {"pid": os.getpid(), "level": isolation.level, "reasons": isolation.reasons}
    send(owner, ready)
    server.serve()


def main(listener: socket.socket, lifeline: socket.socket, preload: Sequence[str]) -> None:
    """The life of a nursery, on inherited sockets, and of all its zygotes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the owner's to answer
    warm: set[str] = set()
    known = None
    # Zygotes try again what fails here, and tell; that nobody is left shows below.
    with contextlib.suppress(ImportError, RuntimeError, EOFError):
        _preload(preload, warm)
        known = Server(lifeline, {}).settle()
    address = Path(listener.getsockname())
    owner = _hatch(listener, lifeline)
    if owner is None:
        with contextlib.suppress(OSError):  # whoever made the folder may have been killed, or tidy
            address.unlink()
            address.parent.rmdir()
    else:
        with owner, contextlib.suppress(EOFError, ConnectionError):  # nobody is left to be told
            _live(owner, warm, known)


if __name__ == "__main__":
    listening, living = (socket.socket(fileno=int(each)) for each in sys.argv[1:3])
    main(listening, living, sys.argv[3:])
    os._exit(0)  # a zygote has nothing to put in order; what torch would, takes it long
