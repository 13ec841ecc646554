"""The tasks of a suite, as values for people: what each is, and how it looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.errors import ConfigError
from evolve.sketch import Card, Points, Sketch
from fitness.chance import stream
from fitness.errors import FitnessError, unknown
from fitness.suites import Split, select
from fitness.task import NO_SHIFT, Batch, Task

SPLITS = ("search", "valid", "test")
_DRAWN = 240  # points of each side


def cards(suite: str) -> list[Card]:
    """Every task of a suite, split by split.

    Raises:
        ConfigError: there is no such suite.
    """
    return [_card(split.name, task) for split in _splits(suite) for task in split.tasks]


def sketch(suite: str, name: str) -> Sketch:
    """A task with points of both sides: as it is written, not as a round draws it.

    Raises:
        ConfigError: there is no such suite or task; names the nearest.
    """
    there = {task.name: (split.name, task) for split in _splits(suite) for task in split.tasks}
    if name not in there:
        raise ConfigError(str(unknown(f"task in suite {suite}", name, there)))
    split, task = there[name]
    card = _card(split, task)
    within, beyond = (_batch(task, shift) for shift in task.shifts[:2])
    if card.elements == 1 and card.features > 1:
        first, second = _most_shifted(within, beyond)
        inside, outside = (
            _points(each.inputs[:, first], each.inputs[:, second]) for each in (within, beyond)
        )
        labels = (f"feature {first + 1}", f"feature {second + 1}")
    else:
        inside, outside = (_against_target(card, each) for each in (within, beyond))
        labels = ("elements" if card.elements > 1 else "feature 1", "target")
    return Sketch(card, labels, card.features == card.elements == 1, inside, outside)


def _splits(suite: str) -> Iterator[Split]:
    absent: list[FitnessError] = []
    for name in SPLITS:
        try:
            yield select(suite, name)
        except FitnessError as error:
            # A suite need not have every split; whatever else is wrong with it is told.
            absent.append(error)
            if not str(error).startswith("there is no split") or len(absent) == len(SPLITS):
                raise ConfigError(f"--suite: {error}") from None


def _batch(task: Task, shift: str) -> Batch:
    return task.batch(shift, _DRAWN, stream("sketch", task.name, shift))


def _card(split: str, task: Task) -> Card:
    drawn = _batch(task, NO_SHIFT)
    sets = drawn.inputs.ndim == 3
    return Card(
        task=task.name,
        split=split,
        family=task.family,
        shifts=task.shifts,
        features=drawn.inputs.shape[-1],
        elements=drawn.inputs.shape[1] if sets else 1,
        classes=drawn.targets.shape[1] if task.classes else 0,
    )


def _most_shifted(within: Batch, beyond: Batch) -> tuple[int, int]:
    """The two features whose distributions the shift changes most (Kolmogorov-Smirnov)."""
    from scipy import stats

    moved = stats.ks_2samp(within.inputs, beyond.inputs, axis=0, method="asymp").statistic
    first, second = sorted(np.argsort(-moved, kind="stable")[:2].tolist())
    return first, second


def _against_target(card: Card, drawn: Batch) -> Points:
    targets = drawn.targets.argmax(axis=1) if card.classes else drawn.targets[:, 0]
    if card.elements > 1:
        return _points((~np.isnan(drawn.inputs).any(axis=2)).sum(axis=1), targets)
    return _points(drawn.inputs[:, 0], targets)


def _points(x: NDArray[Any], y: NDArray[Any]) -> Points:
    order = np.argsort(x, kind="stable")
    return Points(x[order].astype(float).tolist(), y[order].astype(float).tolist())
