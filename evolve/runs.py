"""Runs on disk: one folder each, with its settings, its ledger and a lock for its driver."""

from __future__ import annotations

import difflib
import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from evolve import settings
from evolve.config import Config
from evolve.errors import RunError
from evolve.ledger import Ledger
from evolve.records import Record
from evolve.session import Opening, Session, looks

LEDGER, SETTINGS, LOCK, STOP = "ledger.sqlite", "settings.toml", "driver.lock", "stop"
_FEW = 5  # runs that are named where one was sought in vain, the latest
FINISHED = "finished"  # how a session's ending begins, if a stop rule ended it


@dataclass(frozen=True)
class Run:
    """One run's folder."""

    path: Path

    @property
    def config(self) -> Config:
        """The settings as they were resolved; only the budget may change later."""
        return settings.read(self.path / SETTINGS)

    def keep(self, config: Config) -> None:
        """Writes the settings that the run goes on with.

        Raises:
            RunError: they cannot be written; those of before are still there.
        """
        fresh = self.path / f"{SETTINGS}.new"
        try:
            fresh.write_text(settings.write(config), encoding="utf-8")
            fresh.replace(self.path / SETTINGS)
        except OSError as error:
            raise self._unwritable(error) from None

    def ledger(self) -> Ledger:
        """The run's ledger, opened; close it after use."""
        return Ledger(self.path / LEDGER)

    def records(self) -> list[Record]:
        """All that has been absorbed so far, in order."""
        with closing(self.ledger()) as ledger:
            return list(ledger)

    def openings(self) -> list[Opening]:
        """Each time that the test split was opened for it, in order."""
        with closing(self.ledger()) as ledger:
            return looks(ledger.annals.openings())

    @property
    def sessions(self) -> list[Session]:
        """All stretches of work on it, in order."""
        with closing(self.ledger()) as ledger:
            return ledger.annals.sessions()

    @property
    def status(self) -> str:
        """running, finished (a stop rule held) or stopped (resume goes on)."""
        try:
            FileLock(self.path / LOCK).acquire(blocking=False).lock.release()
        except Timeout:
            return "running"
        except OSError:
            pass  # a folder that nobody can write is driven by nobody
        sessions = self.sessions
        ended = sessions[-1].ended if sessions else None
        return "finished" if ended and ended.startswith(FINISHED) else "stopped"

    @property
    def asked_to_stop(self) -> bool:
        """Whether somebody put a file called `stop` into the folder."""
        return (self.path / STOP).exists()

    def end(self, how: str, *, after: int = 0) -> None:
        """Writes how the session ended, and takes away the stop file, which has had its effect.

        Args:
            how: for people; begins with FINISHED if a stop rule held.
            after: how many sessions there were before; those that were cut off stay so.
        """
        with closing(self.ledger()) as ledger:
            ledger.annals.end(how, after=after)
        (self.path / STOP).unlink(missing_ok=True)

    @contextmanager
    def driving(self) -> Iterator[None]:
        """Holds the run for one driver.

        Raises:
            RunError: another process is driving it, or the folder cannot be written.
        """
        lock = FileLock(self.path / LOCK)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise RunError(
                f"{self.path}: another `evolve` is at work on this run; `touch {self.path / STOP}` "
                "ends it when its trials are done"
            ) from None
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            yield
        finally:
            lock.release()

    def _unwritable(self, error: OSError) -> RunError:
        return RunError(
            f"{self.path}: cannot be written ({error.strerror}); "
            "copy the folder to where it can, and go on there"
        )


def new_name() -> str:
    """A name for a run: the time, to the second."""
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S")


def create(folder: Path, name: str, config: Config) -> Run:
    """Makes a new run `name` under `folder`, with its settings and an empty ledger.

    Raises:
        RunError: the name is taken or not a name, or the folder cannot be written.
    """
    if not re.fullmatch(r"[\w.-]+", name) or name.startswith("."):
        raise RunError(f"--name {name!r}: want letters, digits, '-', '_' and '.' only")
    run = Run(folder / name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        run.path.mkdir()
        run.keep(config)
    except FileExistsError:
        raise RunError(
            f"{run.path}: exists already; `evolve resume {run.path}` goes on with it, "
            "--name gives the new run another name"
        ) from None
    except OSError as error:
        raise RunError(
            f"{folder}: no run can be written here ({error.strerror}); --runs names another folder"
        ) from None
    Ledger(run.path / LEDGER, create=True).close()
    return run


def discard(run: Run) -> None:
    """Takes away a run in which nothing has happened."""
    with closing(run.ledger()) as ledger:
        empty = next(ledger.outlines(), None) is None
    if empty:
        shutil.rmtree(run.path)


def find(name: str, folder: Path) -> Run:
    """The run at the path `name`, or called `name` under `folder`.

    Raises:
        RunError: there is none; names the nearest.
    """
    for path in (Path(name), folder / name):
        if (path / LEDGER).is_file():
            return Run(path)
    names = [run.path.name for run in everything(folder)]
    close = difflib.get_close_matches(name, names, n=1)
    there = ", ".join(names[-_FEW:]) or "none yet"
    known = f"did you mean {close[0]!r}?" if close else f"there are: {there}"
    raise RunError(f"{name}: no run at this path, nor under {folder}/; {known}")


def everything(folder: Path) -> list[Run]:
    """All runs under `folder`, oldest first."""
    found = [path.parent for path in folder.glob(f"*/{LEDGER}")]
    return [Run(path) for path in sorted(found, key=lambda p: (p / SETTINGS).stat().st_mtime)]
