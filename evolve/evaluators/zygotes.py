"""Starts the process that admits and trains."""

from __future__ import annotations

from functools import partial

from evolve.errors import ConfigError, EvolveError
from evolve.evaluators.orders import LOCKED
from sandbox.confine import Zygote, ZygoteDied


def start(device: str = "cpu") -> Zygote:
    """A zygote that is ready; one that dies while it starts is tried once more.

    Args:
        device: what its jobs are to reach, "cpu" or "cuda".

    Raises:
        EvolveError: it cannot be started at all.
    """
    begin = partial(Zygote, [LOCKED], gpu=device == "cuda")
    try:
        return begin()
    except ZygoteDied:
        pass
    try:
        return begin()
    except ZygoteDied as error:
        if device == "cuda":
            raise ConfigError(f'[fitness] device = "cuda": {error}, or "cpu"') from None
        raise EvolveError(f"the sandbox does not start: {error}; try `evolve doctor`") from None
