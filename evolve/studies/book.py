"""What a study has observed: a file that is only ever appended to, a line an observation.

The first line says what was declared; a line `session` says with what code the next were made, a
line `ended` that nothing is left to do. A line that a kill has cut off is as if never written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from evolve.errors import RunError
from evolve.runs import LOCK
from evolve.session import Session

BOOK = "observations.jsonl"

Keep = Callable[[str, Any], None]


@dataclass(frozen=True)
class Book:
    """A study's folder."""

    folder: Path

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Everything that was written, in order; nothing where nothing was begun."""
        path = self.folder / BOOK
        if not path.is_file():
            return []
        whole, _, _ = path.read_bytes().rpartition(b"\n")
        try:
            return [json.loads(line) for line in whole.splitlines()]
        except ValueError:
            raise RunError(
                f"{path}: is damaged; move the folder away and run the study anew"
            ) from None

    @property
    def found(self) -> dict[str, Any]:
        """The observations, by key."""
        return {line["key"]: line["value"] for line in self.lines if "key" in line}

    @property
    def sessions(self) -> list[Session]:
        """The stretches of work, in order."""
        return [Session(**line["session"]) for line in self.lines if "session" in line]

    @property
    def finished(self) -> bool:
        """Whether there was nothing left to do."""
        return bool(self.lines) and "ended" in self.lines[-1]

    def demand(self, declared: Mapping[str, Any]) -> None:
        """Makes sure that what is kept was made under this declaration.

        Raises:
            RunError: it was not.
        """
        lines = self.lines
        if lines and lines[0] != declared:
            changed = [name for name, each in declared.items() if lines[0].get(name) != each]
            raise RunError(
                f"{self.folder}: the study's {' and '.join(changed)} changed since this was "
                "begun, and its version did not; raise the version in its file, or move the "
                "folder away"
            )

    @contextmanager
    def writing(self, declared: Mapping[str, Any], session: Session) -> Iterator[Keep]:
        """Gives what keeps an observation; what was kept so is safe from a kill.

        Raises:
            RunError: another process is at work on it, or it cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / LOCK).acquire(blocking=False).lock
        except Timeout:
            raise RunError(f"{self.folder}: another `evolve` is at work on this study") from None
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            self.demand(declared)
            if not self.lines:
                self._write(declared)
            self._write({"session": asdict(session)})
            yield lambda key, value: self._write({"key": key, "value": value})
            self._write({"ended": True})
        finally:
            lock.release()

    def _write(self, line: Mapping[str, Any]) -> None:
        try:
            with (self.folder / BOOK).open("a+b") as file:
                file.seek(0)
                file.truncate(file.read().rfind(b"\n") + 1)  # what a kill has cut off
                file.write(json.dumps(line, allow_nan=False).encode() + b"\n")
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> RunError:
        return RunError(
            f"{self.folder}: cannot be written ({error.strerror}); --runs names another folder"
        )
