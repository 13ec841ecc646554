"""Starts processes that admit and train."""

from __future__ import annotations

from functools import partial

from evolve.errors import ConfigError, EvolveError
from evolve.evaluators.orders import LOCKED
from sandbox.confine import Zygote, ZygoteDied
from sandbox.confine.nursery import address


def nursery() -> str:
    """The address of this program's nursery of such processes; begins it, if it has none.

    A command that will need one calls this first of all: it takes a second or two to import torch,
    and the command has much to import meanwhile.

    Raises:
        EvolveError: it cannot be begun.
    """
    try:
        return address([LOCKED])
    except OSError as error:
        raise EvolveError(
            f"the sandbox does not start: {error}; want a folder for its socket: TMPDIR"
        ) from None


def start(device: str = "cpu", nursery: str | None = None) -> Zygote:
    """A zygote that is ready; one that dies while it starts is tried once more.

    Args:
        device: what its jobs are to reach, "cpu" or "cuda".
        nursery: the address of another program's, to be born there if it answers.

    Raises:
        EvolveError: it cannot be started at all.
    """
    begin = partial(Zygote, [LOCKED], gpu=device == "cuda", nursery=nursery)
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
