"""What went wrong at a server, in one line for a person: for good, or only for the moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from evolve.calls import ENDS
from evolve.errors import ModelError

_PASSING = frozenset({408, 409, 425, 429})
_SHOWN = 160  # characters of a server's own words; an HTML page says nothing more


class Busy(ModelError):  # noqa: N818  (not yet an error: it may pass)
    """A fault that may pass: too many requests, a server's own error, no connection.

    Attributes:
        after_seconds: how long the server asks to be left alone; none if it does not say.
    """

    def __init__(self, why: str, after_seconds: float | None = None) -> None:
        super().__init__(why)
        self.after_seconds = after_seconds


class Ended(ModelError):  # noqa: N818  (what became of the model)
    """A fault that will not pass by itself: no key, no such model, no credit, no such protocol."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}{ENDS}")


def fault(
    name: str,
    status: int | None,
    headers: Mapping[str, str],
    said: str,
    secrets: Iterable[str] = (),
) -> ModelError:
    """The error to raise for a server's answer `status`, or for none (`None`): no connection.

    Args:
        name: of the model, as people call it.
        status: of the answer, if there was one.
        headers: of the answer; `Retry-After` counts.
        said: the server's or the library's own words; shortened, on one line.
        secrets: keys that must not be repeated.
    """
    words = quoted(said, secrets)
    if status is None:
        return Busy(f"{name}: no answer ({words}); is the server up, and is the network?")
    if status == HTTPStatus.UNAUTHORIZED:  # some servers echo the key: their words stay out
        return Ended(f"{name}: the server refuses the key (401); check the variable it is in")
    if status == HTTPStatus.FORBIDDEN:
        return Ended(f"{name}: the key is not allowed this (403): {words}")
    if status == HTTPStatus.NOT_FOUND:
        return Ended(f"{name}: no such model or no such address (404): {words}")
    if status == HTTPStatus.TOO_MANY_REQUESTS and "insufficient_quota" in said:
        return Ended(f"{name}: the account has no credit left (429): {words}")
    if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Busy(f"{name}: the server answers {status}: {words}", retry_after(headers))
    return ModelError(f"{name}: the server refuses the request ({status}): {words}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a `Retry-After` header asks for, in either of its forms; none if unreadable."""
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:  # the form "-0000": universal time, says RFC 5322
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def quoted(said: str, secrets: Iterable[str] = ()) -> str:
    """A stranger's words fit for one line: short, without line breaks, without secrets."""
    for secret in filter(None, secrets):
        said = said.replace(secret, "***")
    line = " ".join(said.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
