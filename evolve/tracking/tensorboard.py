"""TensorBoard: event files in the run's own folder, so that `--logdir runs` shows all runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from evolve.tracking.tracker import Tracked

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class TensorBoard:
    """Written by tensorboardX: torch's own writer would bring torch into the driver."""

    def __init__(self, tracked: Tracked) -> None:
        from tensorboardX import SummaryWriter

        self._writer = SummaryWriter(str(tracked.path / "tensorboard"))
        rows = "".join(f"| {name} | {value} |\n" for name, value in tracked.settings.items())
        self._writer.add_text("settings", f"| setting | value |\n|---|---|\n{rows}")

    def note(self, records: int, figures: Mapping[str, float]) -> None:
        """One scalar a figure."""
        for name, value in figures.items():
            self._writer.add_scalar(name, value, records)

    def draw(self, records: int, name: str, figure: Figure) -> None:
        """An image."""
        self._writer.add_figure(name, figure, records)

    def close(self) -> None:
        """Closes the file."""
        self._writer.close()
