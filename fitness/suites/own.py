"""Tasks that a user wrote in Python. Their code is imported and trusted as its author is."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import numpy as np

from fitness.errors import FitnessError
from fitness.task import NO_SHIFT, Task

_POINTS = 8


def own_task(use: str, folder: Path) -> Task:
    """The object that "package.module:OBJECT" names; modules beside the suite's file are found.

    Raises:
        FitnessError: it cannot be imported, or does not behave as a task.
    """
    module, colon, name = use.partition(":")
    if not (colon and module and name):
        raise FitnessError(f"use = {use!r} is not understood; write package.module:OBJECT")
    found = getattr(_module(module, folder), name, None)
    if found is None:
        raise FitnessError(f"module {module!r} has no {name!r}; name a task that it has")
    if isinstance(found, type) or not isinstance(found, Task):
        wanted = "name, family, shifts, classes, redrawn and batch"
        raise FitnessError(f"{use} is no task but {found!r}; a task is an object with {wanted}")
    _try_out(use, found)
    return found


def source(use: str, folder: Path) -> bytes:
    """The text of the module that "package.module:OBJECT" names; empty, if it has none."""
    file = getattr(_module(use.partition(":")[0], folder), "__file__", None)
    return Path(file).read_bytes() if file else b""


def _module(name: str, folder: Path) -> object:
    sys.path.insert(0, str(folder))
    try:
        module = import_module(name)
    except Exception as error:  # noqa: BLE001  (whatever the user's own code raises)
        raise FitnessError(f"module {name!r} cannot be imported: {_line(error)}") from None
    finally:
        sys.path.remove(str(folder))
    beside, found = folder / f"{name.replace('.', '/')}.py", getattr(module, "__file__", None)
    if beside.exists() and (found is None or not beside.samefile(found)):
        raise FitnessError(f"module {name!r} is {found} already, not {beside}; rename the latter")
    return module


def _try_out(use: str, task: Task) -> None:
    """Asks for a few points of each side, so that a mistake is found before anything is trained."""
    if len(task.shifts) < 2 or task.shifts[0] != NO_SHIFT:
        wanted = f'("{NO_SHIFT}", and the name of one that shifts)'
        raise FitnessError(f"{use}: shifts is {task.shifts!r}; {wanted} is wanted")
    shapes = set()
    for shift in task.shifts[:2]:
        try:
            redrawn = task.redrawn(np.random.default_rng(0))
            batch = redrawn.batch(shift, _POINTS, np.random.default_rng(1))
        except Exception as error:  # noqa: BLE001  (whatever the user's own code raises)
            raise FitnessError(f"{use}: batch({shift!r}, ..) fails: {_line(error)}") from None
        shapes.add(_shape(f"{use}: batch({shift!r}, ..)", batch))
    if len(shapes) > 1:
        raise FitnessError(f"{use}: both sides must have as many features and outputs: {shapes}")


def _line(error: Exception) -> str:
    """An error of somebody else's code in one line."""
    return " ".join([type(error).__name__ + ":", *str(error).strip().splitlines()[:1]])


def _shape(place: str, batch: object) -> tuple[int, int, int]:
    """Dimensions, features and outputs."""
    if not (hasattr(batch, "inputs") and hasattr(batch, "targets")):
        raise FitnessError(
            f"{place} gives a {type(batch).__name__}; a fitness.task.Batch is wanted"
        )
    inputs, targets = np.asarray(batch.inputs), np.asarray(batch.targets)
    if inputs.ndim not in (2, 3) or targets.ndim != 2 or len(inputs) != len(targets):
        raise FitnessError(
            f"{place} gives inputs {inputs.shape} and targets {targets.shape}; [points, features] "
            "(or [points, elements, features]) and [points, outputs] are wanted"
        )
    if inputs.dtype != np.float64 or targets.dtype != np.float64:
        raise FitnessError(f"{place} gives {inputs.dtype} and {targets.dtype}; float64 is wanted")
    if np.isinf(inputs).any() or not np.isfinite(targets).all():
        raise FitnessError(f"{place} gives numbers that are not finite")
    return inputs.ndim, inputs.shape[-1], targets.shape[1]
