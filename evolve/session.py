"""What is known of a run beside its records: openings of the test split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Opening:
    """One look at the test split, which can be opened only once for each honest claim.

    It is written twice: before the first measurement, without results; and, if all went well,
    with what was found. So a look that was broken off counts.

    Attributes:
        at: when, in UTC, as ISO 8601.
        suite: name of the suite whose test split was opened.
        measured: what was measured and how, as plain JSON values.
        results: what came of it, as plain JSON values; none while it is not known.
    """

    at: str
    suite: str
    measured: Any
    results: Any = None


def looks(openings: list[Opening]) -> list[Opening]:
    """Each look at the test split once, in order, with its results if it came to any."""
    return list({each.at: each for each in openings}.values())
