"""Runs on disk: one folder each, with its settings, its ledger and a lock for its driver."""

from __future__ import annotations

import difflib
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout

from evolve import settings
from evolve.config import Config
from evolve.errors import RunError
from evolve.ledger import Ledger
from evolve.records import Record
from evolve.session import Opening, looks

LEDGER, SETTINGS, LOCK = "ledger.sqlite", "settings.toml", "driver.lock"
ENDED = "ended"  # the note that says how the last session ended
WRITTEN_WITH = ("activolve", "torch", "numpy", "ray")


@dataclass(frozen=True)
class Run:
    """One run's folder."""

    path: Path

    @property
    def config(self) -> Config:
        """The settings as they were resolved; only the budget may change later."""
        return settings.read(self.path / SETTINGS)

    def keep(self, config: Config) -> None:
        """Writes the settings that the run goes on with."""
        (self.path / SETTINGS).write_text(settings.write(config), encoding="utf-8")

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
            return looks(ledger.openings())

    @property
    def status(self) -> str:
        """running, finished (a limit was reached) or stopped (resume goes on)."""
        lock = FileLock(self.path / LOCK)
        try:
            with lock.acquire(blocking=False), closing(self.ledger()) as ledger:
                ended = ledger.notes().get(ENDED, "")
        except Timeout:
            return "running"
        return "finished" if ended.startswith("finished") else "stopped"

    @contextmanager
    def driving(self) -> Iterator[None]:
        """Holds the run for one driver.

        Raises:
            RunError: another process is driving it.
        """
        try:
            with FileLock(self.path / LOCK).acquire(blocking=False):
                yield
        except Timeout:
            raise RunError(f"{self.path}: another `evolve` is at work on this run") from None


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
    with closing(Ledger(run.path / LEDGER, create=True)) as ledger:
        for package in WRITTEN_WITH:
            ledger.note(f"version {package}", version(package))
        ledger.note("version python", platform.python_version())
        ledger.note("machine", f"{platform.system()} {platform.release()} {platform.machine()}")
    return run


def discard(run: Run) -> None:
    """Takes away a run in which nothing has happened."""
    if not run.records():
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
    known = f"did you mean {close[0]!r}?" if close else "`evolve list` shows what there is"
    raise RunError(f"{name}: no run at this path, nor under {folder}/; {known}")


def everything(folder: Path) -> list[Run]:
    """All runs under `folder`, oldest first."""
    found = [path.parent for path in folder.glob(f"*/{LEDGER}")]
    return [Run(path) for path in sorted(found, key=lambda p: (p / SETTINGS).stat().st_mtime)]
