"""A job in its forked child: lock, run, answer, end. Nothing returns from here."""

from __future__ import annotations

import os
from collections.abc import Callable

from sandbox.confine.frames import pack_answer
from sandbox.confine.lock import ANSWER, Memory, keep_only, lock
from sandbox.confine.values import Level, Limits, Outcome

Job = Callable[[bytes], bytes]

# PyTorch, CUDA and the C++ library report a failed allocation as a RuntimeError with these words.
_NO_MEMORY = ("can't allocate memory", "bad_alloc", "not enough memory", "out of memory")
_LONGEST_NAME = 64


def run_job(
    job: Job, message: bytes, limits: Limits, level: Level, base: Memory, descriptor: int
) -> None:
    """Runs a job under lock and writes its answer to a descriptor; the process ends here."""
    outcome, answer = Outcome.CRASHED, b"LockFailed"
    try:
        os.setpgid(0, 0)  # so that whatever the job might start is killed with it
        keep_only(descriptor)
        lock(level, limits, base)
        outcome, answer = Outcome.DONE, job(message)
    except MemoryError:
        outcome, answer = Outcome.OUT_OF_MEMORY, b""
    except BaseException as error:  # noqa: BLE001  the one place: whatever happened is the report
        short = isinstance(error, RuntimeError) and any(word in str(error) for word in _NO_MEMORY)
        outcome = Outcome.OUT_OF_MEMORY if short else Outcome.CRASHED
        answer = type(error).__name__[:_LONGEST_NAME].encode("ascii", "replace")
    try:
        _write(pack_answer(outcome, answer))
        os.close(ANSWER)  # the answer is heard now, and not when all memory has been given back
    finally:
        os._exit(0)


def _write(frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(ANSWER, view) :]
