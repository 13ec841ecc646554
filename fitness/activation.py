"""What a trainer asks of an activation, and the scale of weights that suits it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

_NODES = 128


@runtime_checkable
class Pointwise(Protocol):
    """A pointwise function with its slopes; `x` and its parameters are left unchanged.

    `parameters` are tensors that broadcast against x. Slopes may be of any shape that does.
    """

    def value(self, x: Tensor, parameters: Sequence[Tensor]) -> Tensor:
        """f(x), of x's shape and type."""
        ...

    def value_and_slopes(
        self, x: Tensor, parameters: Sequence[Tensor]
    ) -> tuple[Tensor, Tensor, tuple[Tensor, ...]]:
        """f(x), df/dx, and df/dparameter for each parameter."""
        ...


@runtime_checkable
class Activation(Pointwise, Protocol):
    """A pointwise function that is trained: its methods take parameters in the order of these."""

    @property
    def parameters(self) -> tuple[float, ...]:
        """Initial values of the trainable parameters; every hidden layer gets its own set."""
        ...


class Abreast:
    """Several activations as one, each for an equal share of the nets, in order.

    Who has fewer parameters than another leaves the last ones alone: their slope is zero.
    """

    def __init__(self, parts: Sequence[Activation]) -> None:
        self._parts = parts

    def value(self, x: Tensor, parameters: Sequence[Tensor]) -> Tensor:
        """f(x), of x's shape and type."""
        return torch.cat([part.value(z, own) for part, z, own in self._shares(x, parameters)])

    def value_and_slopes(
        self, x: Tensor, parameters: Sequence[Tensor]
    ) -> tuple[Tensor, Tensor, tuple[Tensor, ...]]:
        """f(x), df/dx, and df/dparameter for each parameter, all of x's shape."""
        found = []
        for part, z, own in self._shares(x, parameters):
            value, slope, others = part.value_and_slopes(z, own)
            idle = [torch.zeros_like(z)] * (len(parameters) - len(others))
            found.append([each.expand_as(z) for each in (value, slope, *others, *idle)])
        value, slope, *slopes = (torch.cat(each) for each in zip(*found, strict=True))
        return value, slope, tuple(slopes)

    def _shares(
        self, x: Tensor, parameters: Sequence[Tensor]
    ) -> Iterator[tuple[Activation, Tensor, Sequence[Tensor]]]:
        shares = (each.chunk(len(self._parts)) for each in (x, *parameters))
        for part, z, *own in zip(self._parts, *shares, strict=True):
            yield part, z, own[: len(part.parameters)]


def gain(activation: Activation) -> float:
    """1 / sqrt(E f(z)^2) for z ~ N(0, 1), so that scaling f changes nothing at the start.

    Gauss-Hermite quadrature in float64 (Bingham & Miikkulainen 2023, AutoInit, arXiv:2109.08958).
    Where the moment is zero, infinite or not a number no scale helps, and the gain is 1.
    """
    nodes, weights = _quadrature()
    parameters = [torch.tensor(value, dtype=torch.float64) for value in activation.parameters]
    values = activation.value(nodes, parameters)
    moment = float((values.square() * weights).sum())
    return moment**-0.5 if 0.0 < moment < float("inf") else 1.0


@cache
def _quadrature() -> tuple[Float[Tensor, " nodes"], Float[Tensor, " nodes"]]:
    """Nodes, and weights that sum to 1, for the expectation under N(0, 1)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    return torch.from_numpy(nodes), torch.from_numpy(weights / weights.sum())
