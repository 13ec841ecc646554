"""The lock of one child: what it may use, what it may ask of the kernel, what it may reach."""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sandbox.confine import kernel, landlock, seccomp
from sandbox.confine.syscalls import this_machine
from sandbox.confine.values import Level, Limits

ANSWER = 3  # the one descriptor that a child keeps

_STACK_BYTES = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process maps: all of its address space, and the writable part of it."""

    space: int
    writable: int

    @classmethod
    def now(cls) -> Memory:
        """Of this process, as Linux counts it; zeros elsewhere."""
        status = Path("/proc/self/status")
        if not status.exists():
            return cls(0, 0)
        lines = (line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        fields = {name: text for name, text in lines if name in {"VmSize", "VmData"}}
        return cls(*(int(fields[name].split()[0]) * 1024 for name in ("VmSize", "VmData")))


def keep_only(descriptor: int) -> None:
    """Moves a descriptor to ANSWER, and closes every other one."""
    if descriptor != ANSWER:
        os.dup2(descriptor, ANSWER)
    os.closerange(0, ANSWER)
    os.closerange(ANSWER + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[1])


@cache
def child_filter() -> bytes:
    """The seccomp filter of every child; built once, before the first fork.

    Raises:
        OSError: this machine has no table of system calls.
    """
    machine = this_machine()
    if machine is None:
        raise OSError("no table of system calls for this machine")
    return seccomp.lock_filter(machine, ANSWER)


def lock(level: Level, limits: Limits, base: Memory) -> None:
    """Locks this process for good; it must be single-threaded, and freshly forked.

    Args:
        level: how much of the lock to apply.
        limits: of the job.
        base: what the zygote maps, upon which `memory_bytes` comes.

    Raises:
        OSError: the kernel refuses a layer.
    """
    if level is Level.GRAPH:
        return
    limit_resources(limits, base)
    if level is Level.RLIMITS:
        return
    kernel.control(kernel.SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    kernel.control(kernel.SET_DUMPABLE, 0)
    kernel.control(kernel.NO_NEW_PRIVS, 1)
    if level is Level.FULL:
        landlock.deny_everything()
    seccomp.install(child_filter())


def limit_resources(limits: Limits, base: Memory) -> None:
    """The limits of setrlimit(2): they hold at every level but `graph`."""
    for kind, most in (
        (resource.RLIMIT_AS, base.space + limits.memory_bytes),
        (resource.RLIMIT_DATA, base.writable + limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, ANSWER + 1),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_STACK, _STACK_BYTES),
    ):
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
