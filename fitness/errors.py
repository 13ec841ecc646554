"""What can go wrong when fitness is asked for something.

    FitnessError        a mistake in what was asked for; the message says how to mend it
    └── FrameError      bytes from another process that are not what they should be

A candidate that trains badly is no error: its nets fail, and failure is a number (see `losses`).
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 20


class FitnessError(Exception):
    """A mistake in what was asked of this room."""


class FrameError(FitnessError):
    """Bytes that crossed a process boundary and are not what was announced."""


def unknown(kind: str, name: str, known: Iterable[str]) -> FitnessError:
    """The error for a name that does not exist, with the nearest names that do."""
    names = list(known)
    by_folded = {each.casefold(): each for each in names}
    near = [by_folded[each] for each in get_close_matches(name.casefold(), by_folded, n=3)]
    advice = f"did you mean {' or '.join(map(repr, near))}?" if near else "choose one of these:"
    more = ", ..." if len(names) > _SHOWN else ""
    listing = "" if near else " " + ", ".join(names[:_SHOWN]) + more
    return FitnessError(f"there is no {kind} {name!r}; {advice}{listing}")
