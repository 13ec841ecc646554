"""The nursery, a process that imports modules once and forks a zygote for whoever connects.

A program begins one for each list of modules, and keeps it until it ends. Processes forked from
the program find it too, and so does every other of this user that is told its address. Zygotes
outlive it: each ends with its own owner.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TypeAlias

_DEVICES = "CUDA_VISIBLE_DEVICES"
_LONGEST_FOLDER = 60  # the address of a Unix socket has no room for more than some hundred bytes
# Freed memory stays with its job, in large pages: a child's first touch of a page is dear.
_ALLOCATION = {
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**32 - 1),
    "MALLOC_TOP_PAD_": str(2**26),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}

_Key: TypeAlias = tuple[tuple[str, ...], str | None]


def address(preload: Sequence[str], *, gpu: bool = False) -> str:
    """Where this program's nursery with these modules listens; begins it, if there is none.

    It may still be importing: whoever connects, waits.

    Raises:
        OSError: it cannot be begun.
    """
    with _lock:
        key = _key(preload, gpu=gpu)
        if key not in _nurseries:
            _nurseries[key] = _Nursery(preload, gpu=gpu)
        return _nurseries[key].address


def connect(preload: Sequence[str], *, gpu: bool, nursery: str | None = None) -> socket.socket:
    """A connection to a zygote, about to be born.

    Args:
        preload: the modules of this program's own nursery.
        gpu: whether jobs are to reach a GPU.
        nursery: the address of another one, which is preferred while it answers.

    Raises:
        OSError: no nursery can be begun.
    """
    if nursery is not None:
        with contextlib.suppress(OSError):
            return _connected(nursery)
    own = address(preload, gpu=gpu)
    with contextlib.suppress(OSError):
        return _connected(own)
    with _lock:
        key = _key(preload, gpu=gpu)
        if _nurseries[key].address == own:  # nobody else has replaced it meanwhile
            _nurseries.pop(key).close()
    return _connected(address(preload, gpu=gpu))


class _Nursery:
    """The process, as the one that began it holds it."""

    def __init__(self, preload: Sequence[str], *, gpu: bool) -> None:
        short = len(tempfile.gettempdir()) <= _LONGEST_FOLDER
        self._folder = Path(tempfile.mkdtemp(prefix="nursery-", dir=None if short else "/tmp"))  # noqa: S108
        self.address = str(self._folder / "socket")
        self._owner = os.getpid()
        self._lifeline, theirs = socket.socketpair()
        with theirs, socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen()
            handed = (listener.fileno(), theirs.fileno())
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter, our own module
                [sys.executable, "-P", "-m", "sandbox.confine.server", *map(str, handed), *preload],
                pass_fds=handed,
                stdin=subprocess.DEVNULL,
                env=_environment(gpu=gpu),
            )
        atexit.register(self.close)

    def close(self) -> None:
        """Ends it, where it was begun; a process that shares it begins its own."""
        self._lifeline.close()
        if os.getpid() == self._owner:
            self._process.kill()
            self._process.wait()
            shutil.rmtree(self._folder, ignore_errors=True)


_nurseries: dict[_Key, _Nursery] = {}
_lock = Lock()


def _key(preload: Sequence[str], *, gpu: bool) -> _Key:
    return tuple(preload), os.environ.get(_DEVICES) if gpu else ""


def _connected(where: str) -> socket.socket:
    stream = socket.socket(socket.AF_UNIX)
    try:
        stream.connect(where)
    except OSError:
        stream.close()
        raise
    return stream


def _environment(*, gpu: bool) -> dict[str, str]:
    """A clean environment: the path of modules, one thread, a device or none, none of our keys."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {
        **threads,
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        **_ALLOCATION,
        **({k: v for k, v in os.environ.items() if k == _DEVICES} if gpu else {_DEVICES: ""}),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(os.path.abspath(each) for each in sys.path),  # noqa: PTH100
    }
