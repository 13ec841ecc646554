"""Starts the process that admits and trains."""

from __future__ import annotations

from evolve.errors import EvolveError
from evolve.evaluators.orders import LOCKED
from sandbox.confine import Zygote, ZygoteDied


def start() -> Zygote:
    """A zygote that is ready; one that dies while it starts is tried once more.

    Raises:
        EvolveError: it cannot be started at all.
    """
    try:
        return Zygote([LOCKED])
    except ZygoteDied:
        pass
    try:
        return Zygote([LOCKED])
    except ZygoteDied as error:
        raise EvolveError(f"the sandbox does not start: {error}; try `evolve doctor`") from None
