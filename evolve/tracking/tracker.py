"""What a tracker is told: whatever it raises, the run goes on without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PROJECT = "activolve"
"""Where a tracker puts runs, unless its own environment variable says otherwise."""


@dataclass(frozen=True)
class Tracked:
    """A run as trackers know it.

    Attributes:
        name: the run's own, which another may have, too.
        id: no other run has it; the same when the run is gone on with.
        settings: every one, by "table.key".
    """

    path: Path
    name: str
    id: str
    settings: Mapping[str, Any]


class Tracker(Protocol):
    """One run in one tracker."""

    def note(self, records: int, figures: Mapping[str, float]) -> None:
        """Notes figures by name, as they are after so many records."""
        ...

    def draw(self, records: int, name: str, figure: Figure) -> None:
        """Keeps a picture, as it is after so many records."""
        ...

    def close(self) -> None:
        """Writes what is not written yet."""
        ...
