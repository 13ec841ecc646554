"""Losses written by hand, for tests of what is computed from losses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fitness.losses import Losses, TaskLosses
from fitness.recipe import Recipe

RECIPE = Recipe(steps=30, learning_rates=(0.01, 0.1))

Logs = float | Sequence[Sequence[float]] | np.ndarray


def task(name: str, inside: Logs, outside: Logs, family: str | None = None) -> TaskLosses:
    """A task whose log10 errors are the same everywhere, or given as [seeds, rates]."""
    return TaskLosses(name, family or f"family of {name}", "far", _errors(inside), _errors(outside))


def losses(*tasks: TaskLosses, recipe: Recipe = RECIPE) -> Losses:
    """Losses on these tasks."""
    return Losses("made up", "search", 0, recipe, tasks)


def _errors(logs: Logs) -> np.ndarray:
    shape = (RECIPE.seeds, len(RECIPE.learning_rates))
    return np.broadcast_to(10.0 ** np.asarray(logs, dtype=np.float64), shape).copy()
