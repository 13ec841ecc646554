"""MLflow: a run of an experiment, on the server or in the file of MLFLOW_TRACKING_URI."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from evolve.tracking.tracker import PROJECT, Tracked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TAG = "activolve.run"


class MLflow:
    """Gone on with when the run is: it is found by its tag."""

    def __init__(self, tracked: Tracked) -> None:
        import mlflow
        from mlflow.entities import Param

        self._client = mlflow.MlflowClient()
        named = os.environ.get("MLFLOW_EXPERIMENT_NAME", PROJECT)
        experiment = mlflow.set_experiment(named).experiment_id
        known = self._client.search_runs([experiment], f"tags.`{_TAG}` = '{tracked.id}'")
        if known:
            self._id = known[0].info.run_id
            self._client.update_run(self._id, "RUNNING")
            return
        tags = {_TAG: tracked.id}
        begun = self._client.create_run(experiment, run_name=tracked.name, tags=tags)
        self._id = begun.info.run_id
        params = [Param(name, str(value)) for name, value in tracked.settings.items()]
        self._client.log_batch(self._id, params=params)

    def note(self, records: int, figures: Mapping[str, float]) -> None:
        """One metric a figure."""
        from mlflow.entities import Metric

        now = time.time_ns() // 10**6
        metrics = [Metric(name, value, now, records) for name, value in figures.items()]
        self._client.log_batch(self._id, metrics=metrics)

    def draw(self, records: int, name: str, figure: Figure) -> None:
        """A picture among the artifacts; the latest one counts."""
        self._client.log_figure(self._id, figure, f"{name}.png")

    def close(self) -> None:
        """Says that nobody is at work on it any more."""
        self._client.set_terminated(self._id)
