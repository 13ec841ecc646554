"""The few calls to the Linux kernel that Python has no name for."""

from __future__ import annotations

import ctypes
import os

NO_NEW_PRIVS, SET_SECCOMP, SET_DUMPABLE, SET_PARENT_DEATH_SIGNAL = 38, 22, 4, 1

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def control(option: int, first: int | ctypes.c_void_p, second: object = 0) -> None:
    """prctl(2).

    Raises:
        OSError: the kernel refuses.
    """
    if _libc.prctl(option, first, second, 0, 0):
        raise _error("prctl")


def call(name: str, number: int, *arguments: object) -> int:
    """A system call by its number.

    Raises:
        OSError: the kernel refuses; the message names the call.
    """
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        raise _error(name)
    return result


def _error(name: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{name}: {os.strerror(number)}")
