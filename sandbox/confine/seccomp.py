"""A seccomp filter: the few system calls that arithmetic needs, and no others."""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable

from sandbox.confine import kernel
from sandbox.confine.syscalls import Machine

# What single-threaded numeric code needs after a fork.
_ALLOWED = (
    "close fstat lseek munmap brk rt_sigprocmask rt_sigreturn sched_yield mremap madvise "
    "nanosleep getpid exit getrusage times sigaltstack gettid futex sched_getaffinity "
    "clock_gettime clock_getres clock_nanosleep exit_group set_robust_list getrandom membarrier "
    "rseq gettimeofday getcpu restart_syscall"
)

# What no honest job tries: the child is killed at once, which a report can tell. All other calls
# fail with EPERM, because libraries do try them and live without.
_KILLED = (
    "execve execveat ptrace socket connect bind socketpair fork vfork process_vm_readv "
    "process_vm_writev bpf userfaultfd io_uring_setup io_uring_enter perf_event_open pidfd_open "
    "pidfd_getfd pidfd_send_signal mount unshare setns keyctl memfd_create kill tkill seccomp "
    "prctl setrlimit prlimit64"
)
ALLOWED, KILLED = _ALLOWED.split(), _KILLED.split()

_KILL, _ALLOW = 0x80000000, 0x7FFF0000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _AUDIT, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_EXECUTABLE = 4  # PROT_EXEC
_MODE_FILTER = 2


def _fails(number: int) -> int:
    return 0x00050000 | number


def _instruction(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value & 0xFFFFFFFF)


def _verdict(number: int, verdict: int) -> bytes:
    return _instruction(_EQUAL, number, 0, 1) + _instruction(_RETURN, verdict)


def lock_filter(machine: Machine, answer_descriptor: int) -> bytes:
    """The filter of a locked child: it may compute, and write to one descriptor."""
    calls = machine.calls
    denied = _fails(errno.EPERM)
    program = _prologue(machine)
    program += [_verdict(calls[name], _ALLOW) for name in ALLOWED]
    for name in ("write", "writev"):
        program += [
            _instruction(_EQUAL, calls[name], 0, 4),
            _instruction(_LOAD, _ARGUMENTS),
            _instruction(_EQUAL, answer_descriptor, 0, 1),
            _instruction(_RETURN, _ALLOW),
            _instruction(_RETURN, denied),
        ]
    for name in ("mmap", "mprotect"):
        program += [
            _instruction(_EQUAL, calls[name], 0, 4),
            _instruction(_LOAD, _ARGUMENTS + 8 * 2),
            _instruction(_ANY_BIT, _EXECUTABLE, 1, 0),
            _instruction(_RETURN, _ALLOW),
            _instruction(_RETURN, denied),
        ]
    # The C library asks for clone3 first and falls back on ENOSYS; clone itself then fails.
    program.append(_verdict(calls["clone3"], _fails(errno.ENOSYS)))
    program += [_verdict(calls[name], _KILL) for name in KILLED if name in calls]
    return b"".join([*program, _instruction(_RETURN, denied)])


def deny_filter(machine: Machine, names: Iterable[str]) -> bytes:
    """A filter that fails the named calls with ENOSYS and allows all else, as old kernels would."""
    denied = [_verdict(machine.calls[name], _fails(errno.ENOSYS)) for name in names]
    return b"".join([*_prologue(machine), *denied, _instruction(_RETURN, _ALLOW)])


def install(program: bytes) -> None:
    """Puts this process under a filter, for good; no_new_privs must hold already.

    Raises:
        OSError: the kernel refuses.
    """
    text = ctypes.create_string_buffer(program, len(program))
    header = _Program(len(program) // 8, ctypes.addressof(text))
    kernel.control(kernel.SET_SECCOMP, _MODE_FILTER, ctypes.byref(header))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def _prologue(machine: Machine) -> list[bytes]:
    """Only calls of this machine's own kind: another kind numbers them differently."""
    program = [
        _instruction(_LOAD, _AUDIT),
        _instruction(_EQUAL, machine.audit, 1, 0),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _NUMBER),
    ]
    if "fork" in machine.calls:  # x86_64, where numbers from 2**30 on mean the x32 calls
        program += [_instruction(_AT_LEAST, 0x40000000, 0, 1), _instruction(_RETURN, _KILL)]
    return program
