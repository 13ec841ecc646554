"""What a ledger keeps beside the records: sessions, openings of the test split, paid replies."""

from __future__ import annotations

import json
from collections.abc import Iterable

from evolve.ledger import rows
from evolve.ledger.file import File
from evolve.records import Call
from evolve.session import Opening, Session

_SESSION = (
    "INSERT INTO sessions (began, machine, isolation, suite, origin, versions, accepted, settings, "
    '"commit") VALUES (?,?,?,?,?,?,?,?,?)'
)
_SESSIONS = (
    "SELECT settings, versions, accepted, began, suite, machine, isolation, origin, ended, "
    '"commit" FROM sessions ORDER BY session'
)


class Annals:
    """Sessions, openings and kept replies of one run.

    Attributes:
        session: number of the session that records are appended in; none if they are taken over.
    """

    def __init__(self, file: File) -> None:
        self._file = file
        self.session: int | None = None

    def begin(self, session: Session) -> None:
        """Writes that a session begins; the records that follow are its own."""
        with self._file.writing() as database:
            self.session = database.execute(
                _SESSION,
                (
                    session.began,
                    session.machine,
                    session.isolation,
                    session.suite,
                    session.origin,
                    json.dumps(session.versions),
                    json.dumps(session.accepted),
                    json.dumps(session.settings),
                    session.commit,
                ),
            ).lastrowid

    def end(self, how: str, *, after: int = 0) -> None:
        """Writes how the last session ended, if it is not known and not among the first `after`."""
        with self._file.writing() as database:
            database.execute(
                "UPDATE sessions SET ended = ? WHERE ended IS NULL "
                "AND session = (SELECT max(session) FROM sessions) AND session > ?",
                (how, after),
            )

    def sessions(self) -> list[Session]:
        """All sessions, in order."""
        return [
            Session(
                began=began,
                settings=json.loads(settings),
                versions=json.loads(versions),
                suite=suite,
                machine=machine,
                isolation=isolation,
                commit=commit,
                accepted=tuple(json.loads(accepted)),
                origin=origin,
                ended=ended,
            )
            for (
                settings, versions, accepted, began, suite, machine, isolation, origin, ended,
                commit,
            ) in self._file.query(_SESSIONS)
        ]  # fmt: skip

    def open(self, opening: Opening) -> None:
        """Writes that the test split was opened, and what it showed."""
        told = (json.dumps(opening.measured), json.dumps(opening.results))
        with self._file.writing() as database:
            database.execute(
                "INSERT INTO openings (at, suite, measured, results) VALUES (?,?,?,?)",
                (opening.at, opening.suite, *told),
            )

    def openings(self) -> list[Opening]:
        """Every time that the test split was opened, in order."""
        query = "SELECT at, suite, measured, results FROM openings ORDER BY opening"
        return [
            Opening(at, suite, json.loads(measured), json.loads(results))
            for at, suite, measured, results in self._file.query(query)
        ]

    def keep(self, calls: Iterable[Call]) -> None:
        """Keeps replies that another run paid for, so that the same question is not asked again."""
        with self._file.writing() as database:
            database.executemany(
                "INSERT OR IGNORE INTO replies VALUES (?,?,?,?,?)",
                [rows.reply_row(call) for call in calls if not call.failure],
            )

    def reply(self, request: str) -> Call | None:
        """The kept reply to a question, which costs nothing any more; or none."""
        query = (
            "SELECT model, seed, 0, 0.0, 0.0, 0, '', messages, reply FROM replies WHERE request = ?"
        )
        return next(map(rows.call_of, self._file.query(query, (request,))), None)
