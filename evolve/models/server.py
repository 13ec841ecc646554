"""The process that runs one GGUF file: started, waited for, ended."""

from __future__ import annotations

import json
import os
import secrets
import select
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, cast

from evolve.errors import ModelError
from evolve.models.faults import quoted
from evolve.models.sampling import WINDOW

_SERVE = Path(__file__).with_name("serve.py")
_START_SECONDS = 120.0  # a large file from a slow disk
_INFORMATIVE, _SILENT = 3, -1  # llama.cpp's verbosity
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")


class Server:
    """An OpenAI-compatible server on loopback, in a child process that dies with this one.

    Making one returns at once, while the weights are being read.

    Args:
        path: the GGUF file.
        log: where llama.cpp writes; nowhere if none.
    """

    def __init__(self, path: Path, log: Path | None = None) -> None:
        self.key = secrets.token_urlsafe()
        self._path = path
        with ExitStack() as stack:
            words: int | IO[bytes] = subprocess.DEVNULL
            if log is not None:
                words = stack.enter_context(log.open("ab"))
            self._process = subprocess.Popen(  # noqa: S603  (our own script)
                [sys.executable, "-P", str(_SERVE)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=words,
                env=_environment(),
                text=True,
                start_new_session=True,  # Ctrl-C is for the loop, which ends its calls first
            )
        verbosity = _SILENT if log is None else _INFORMATIVE
        # By the pipe, not as an argument: every user of the machine can read those.
        self._tell(path=str(path), key=self.key, window=WINDOW, verbosity=verbosity)

    def address(self) -> str:
        """Where it listens, e.g. `http://127.0.0.1:41234`; waits until it does.

        Raises:
            ModelError: the file cannot be run.
        """
        out = cast("IO[str]", self._process.stdout)
        ready, _, _ = select.select([out], [], [], _START_SECONDS)
        line = out.readline() if ready else ""
        answer: dict[str, str] = json.loads(line) if line else {}
        if "address" not in answer:
            why = quoted(answer.get("error", "")) or self.end()
            raise ModelError(
                f"llama.cpp cannot run {self._path} ({why}): the file is damaged, too large for "
                "this machine, or of an unknown architecture; its log says more"
            )
        return answer["address"]

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def end(self) -> str:
        """How the process ended, in words."""
        if self.alive:
            return f"not ready after {_START_SECONDS:g} s"
        code = self._process.returncode
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"

    def kill(self) -> None:
        """Ends the process; a reply under way is lost."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Ends the process and gives its pipes back; nobody may be waiting for its address."""
        self.kill()
        self._process.communicate()

    def _tell(self, **orders: str | int) -> None:
        stdin = cast("IO[str]", self._process.stdin)
        stdin.write(json.dumps(orders) + "\n")
        stdin.flush()


def _environment() -> dict[str, str]:
    # No keys in it, and the same places to import from as ours.
    kept = {each: os.environ[each] for each in _INHERITED if each in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
