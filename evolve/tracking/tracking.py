"""A listener in front of a tracker: a thread of its own, so that no run ever waits for one."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from queue import Full, Queue
from threading import Thread
from types import MappingProxyType
from typing import TypeAlias

from evolve.errors import ConfigError
from evolve.events import Absorbed, Ended, Event, Started
from evolve.report.words import plainly
from evolve.runs import Run
from evolve.tracking.mlflow import MLflow
from evolve.tracking.tensorboard import TensorBoard
from evolve.tracking.tracker import Tracked, Tracker
from evolve.tracking.wandb import Wandb
from evolve.view.document import drawn

Connect: TypeAlias = Callable[[Tracked], Tracker]

TRACKERS: Mapping[str, tuple[str, Connect]] = MappingProxyType(
    {
        "tensorboard": ("tensorboardX", TensorBoard),
        "mlflow": ("mlflow", MLflow),
        "wandb": ("wandb", Wandb),
    }
)
"""Name, and so the extra -> the library that it needs, and what connects to it."""

_log = logging.getLogger("evolve")
_BEHIND = 1000  # events that a slow tracker may lag
_PATIENCE_SECONDS = 60.0  # for what it has not written when the run is over


def engaged(names: Iterable[str]) -> list[Tracking]:
    """The trackers of these names, each once; nothing is asked of them yet.

    Raises:
        ConfigError: there is none of that name, or its library is not installed.
    """
    found = []
    for name in dict.fromkeys(names):
        if name not in TRACKERS:
            raise ConfigError(f"--track {name}: wanted one of {', '.join(TRACKERS)}")
        library, connect = TRACKERS[name]
        if find_spec(library) is None:
            raise ConfigError(
                f"--track {name}: {library} is not installed: pip install 'activolve[{name}]'"
            )
        found.append(Tracking(name, connect))
    return found


class Tracking:
    """Tells a tracker of a run; one that fails or lags is left out, and that is said once."""

    def __init__(self, name: str, connect: Connect) -> None:
        self._name, self._connect = name, connect
        self._events: Queue[Event | None] = Queue(_BEHIND)
        self._thread = Thread(target=self._work, name=f"track {name}", daemon=True)
        self._left_out = False

    def __enter__(self) -> Tracking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self(None)
        if not self._left_out:
            self._thread.join(_PATIENCE_SECONDS)
            if self._thread.is_alive():
                self._leave_out(f"it has not ended after {_PATIENCE_SECONDS:.0f} seconds")

    def __call__(self, event: Event | None) -> None:
        """Hands on what happened, or that nothing follows, and does not wait for it."""
        if self._left_out:
            return
        try:
            self._events.put_nowait(event)
        except Full:
            self._leave_out(f"it lags by {_BEHIND:,} events")

    def _work(self) -> None:
        try:
            self._tell()
        except Exception as error:  # noqa: BLE001  (whatever a library of others raises)
            self._leave_out(plainly(" ".join(str(error).split()), 300) or type(error).__name__)

    def _tell(self) -> None:
        tracker, records = None, 0
        for event in iter(self._events.get, None):
            if isinstance(event, Started):
                tracker = self._connect(tracked(event))
            elif tracker and isinstance(event, Absorbed):
                records = event.records
                tracker.note(records, figures(event))
            elif tracker and isinstance(event, Ended):
                for name, figure in drawn(Run(Path(event.summary.path))).items():
                    tracker.draw(records, name, figure)
        if tracker:
            tracker.close()

    def _leave_out(self, why: str) -> None:
        self._left_out = True
        _log.warning("%s is told no more of this run: %s", self._name, why)


def tracked(event: Started) -> Tracked:
    """The run that has started, as trackers know it."""
    run = event.run
    began = re.sub(r"\D", "", run.sessions[0].began)
    settings = {
        f"{table}.{name}": value
        for table, fields in event.config.model_dump(mode="json").items()
        for name, value in fields.items()
    }
    return Tracked(run.path, run.path.name, f"{run.path.name}-{began}", settings)


def figures(event: Absorbed) -> dict[str, float]:
    """What is noted of a record: its own fitness, and how far the run is."""
    evaluation = event.record.evaluation
    told: dict[str, float] = {name: amount for name, (amount, _) in event.used.items()}
    told["in_flight"] = event.in_flight
    if event.best:
        told["best"] = event.best.evaluation.fitness
    if evaluation and evaluation.complete:
        told["fresh_seeds" if event.record.round else "fitness"] = evaluation.fitness
    return told
