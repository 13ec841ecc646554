"""The SQLite file of a ledger: opened, checked, and every fault of it told in one line."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from evolve.errors import RunError
from evolve.ledger.schema import APPLICATION, SCHEMA, VERSION

_WAIT_SECONDS = 30.0  # for a copier's lock, before a write is given up
_SYNC_SECONDS = 1.0
_LOG_PAGES = 2**13  # 32 MiB; a page that changes often is then copied out of the log rarely
_CACHE_KIBIBYTES = 2**16


class File:
    """An open ledger file; used by one thread at a time."""

    def __init__(self, path: Path, *, create: bool) -> None:
        """Opens the file at `path`, or makes it.

        Raises:
            RunError: there is none, it is not a ledger of this version, or it cannot be written.
        """
        self.path = path
        self._synced, self._durable = -_SYNC_SECONDS, False
        if create:
            _make(path)
        if not path.is_file():
            raise RunError(f"{path}: no ledger here; `evolve list` shows the runs there are")
        with _told(
            self.path, "cannot be opened as a ledger", "; name a run, or a whole copy of it"
        ):
            # Opened by one thread and perhaps used by another, but never by two at once.
            self._database = sqlite3.connect(
                self._address(), timeout=_WAIT_SECONDS, check_same_thread=False, uri=True
            )
            with ExitStack() as refused:
                refused.callback(self._database.close)
                self._check()
                self._database.execute("PRAGMA foreign_keys = ON")
                self._database.execute("PRAGMA synchronous = NORMAL")
                self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}")
                self._database.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
                refused.pop_all()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is written, or nothing.

        Raises:
            RunError: the disk is full, the folder read-only, the file taken away.
            sqlite3.IntegrityError: what is written contradicts what is there; a fault of ours.
        """
        # What is written survives a kill in any case; that it survives a power cut, too, costs
        # milliseconds, which a flood of records pays once a second.
        durable = monotonic() - self._synced >= _SYNC_SECONDS
        if durable is not self._durable:
            self._database.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._durable = durable
        if durable:
            self._synced = monotonic()
        remedy = f"; remedy that, then `evolve resume {self.path.parent}` goes on"
        with _told(self.path, "cannot be written", remedy), self._database as database:
            yield database

    def query(self, query: str, values: Sequence[Any] = ()) -> Iterator[Sequence[Any]]:
        """The rows that a query gives.

        Raises:
            RunError: the file is damaged.
        """
        with _told(self.path, "cannot be read", "; a copy of the run's folder may be whole"):
            rows = self._database.execute(query, values)
            try:
                yield from rows
            finally:
                rows.close()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def _address(self) -> str:
        address = self.path.absolute().as_uri()
        effective = os.access in os.supports_effective_ids
        if os.access(self.path.parent, os.W_OK, effective_ids=effective):
            return address
        log = self.path.with_name(f"{self.path.name}-wal")
        if log.is_file() and log.stat().st_size:
            raise RunError(
                f"{self.path}: was cut off, and its folder cannot be written; copy the folder to "
                "where it can be"
            )
        return f"{address}?immutable=1"  # nobody can write it, so nothing is locked

    def _check(self) -> None:
        application = self._database.execute("PRAGMA application_id").fetchone()[0]
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if application != APPLICATION:
            raise RunError(f"{self.path}: a database, but not a ledger; name a run's own")
        if version != VERSION:
            age = "a newer" if version > VERSION else "an older"
            raise RunError(
                f"{self.path}: a ledger of version {version}, this is {VERSION}; "
                f"read it with {age} activolve"
            )


def _make(path: Path) -> None:
    """An empty ledger; whole when it appears under its name, so that no reader finds half of one.

    Raises:
        RunError: it cannot be written.
    """
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with _told(path, "cannot be made"), closing(sqlite3.connect(fresh)) as database:
        database.executescript(f"PRAGMA journal_mode = WAL;{SCHEMA}")
    fresh.replace(path)


@contextmanager
def _told(path: Path, what: str, remedy: str = "") -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.Error as error:
        raise RunError(f"{path}: {what} ({error}){remedy}") from None
