"""Landlock: from here on this process reaches no file, no TCP port and no other process."""

from __future__ import annotations

import ctypes
import os
import struct

from sandbox.confine import kernel

_CREATE, _RESTRICT = (
    444,
    446,
)  # landlock_create_ruleset, landlock_restrict_self: one number everywhere
_VERSION = 1  # the flag that asks for the version of the kernel's interface


def version() -> int:
    """The version of Landlock that this kernel speaks.

    Raises:
        OSError: it speaks none.
    """
    return kernel.call("Landlock", _CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))


def deny_everything() -> None:
    """Claims every right that this kernel knows, and grants none of them.

    Raises:
        OSError: the kernel refuses.
    """
    found = version()
    files = (1 << 13) - 1  # read, write, make, remove and execute, of every kind
    for since, right in ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15)):  # refer, truncate, ioctl
        files |= right if found >= since else 0
    rights = struct.pack("Q", files)
    if found >= 4:
        rights += struct.pack("Q", 0b11)  # bind and connect TCP
    if found >= 6:
        rights += struct.pack("Q", 0b11)  # abstract sockets and signals of others
    text = ctypes.create_string_buffer(rights, len(rights))
    size = ctypes.c_size_t(len(rights))
    ruleset = kernel.call("Landlock", _CREATE, text, size, ctypes.c_uint(0))
    try:
        kernel.call("Landlock", _RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint(0))
    finally:
        os.close(ruleset)
