"""Evolution of activation functions: programs varied, admitted, trained, and remembered."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evolve.export.module import Evolved

__version__ = "0.1.0"


def load(name: str, runs: str | PathLike[str] = "runs") -> Evolved:
    """A program of a run as a `torch.nn.Module`: `evolve.load("RUN/PROGRAM")`.

    Args:
        name: a run's path or name, a slash, and a program's id or the start of it.
        runs: the folder that holds the runs.

    Raises:
        RunError: there is no such run or program, or the program was never admitted.
    """
    from evolve.export import module  # imports torch

    return module.load(name, Path(runs))
