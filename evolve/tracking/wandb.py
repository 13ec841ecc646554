"""Weights & Biases: a run of a project; with WANDB_MODE=offline, a file in the run's folder."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from evolve.errors import ConfigError
from evolve.tracking.tracker import PROJECT, Tracked

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Wandb:
    """Gone on with when the run is; it asks nobody for a key."""

    def __init__(self, tracked: Tracked) -> None:
        import wandb

        online = os.environ.get("WANDB_MODE", "online") == "online"
        if online and not wandb.login(prompt=False):
            raise ConfigError("no key: `wandb login` keeps one, WANDB_MODE=offline does without")
        self._run = wandb.init(
            project=os.environ.get("WANDB_PROJECT", PROJECT),
            name=tracked.name,
            id=tracked.id,
            resume="allow",
            dir=tracked.path,
            config=dict(tracked.settings),
            settings=wandb.Settings(silent=True, console="off"),
        )

    def note(self, records: int, figures: Mapping[str, float]) -> None:
        """One step of the run's history."""
        self._run.log(dict(figures), step=records)

    def draw(self, records: int, name: str, figure: Figure) -> None:
        """An image."""
        import wandb
        from PIL import Image

        png = io.BytesIO()  # given a figure, wandb would ask pyplot for it
        figure.savefig(png)
        self._run.log({name: wandb.Image(Image.open(png))}, step=records)

    def close(self) -> None:
        """Uploads what is left."""
        self._run.finish()
