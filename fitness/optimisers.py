"""Optimisers over one flat tensor, with a learning rate and a gradient clip for every net."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor

from fitness.weights import Flat

_FIRST, _SECOND, _EPSILON = 0.9, 0.999, 1e-8
_MOMENTUM = 0.9

Rates: TypeAlias = Float[Tensor, "nets 1"]


class Optimiser(Protocol):
    """Moves weights that it was given, in place."""

    def step(self, gradient: Flat, factor: float) -> None:
        """Moves the weights against the gradient, at `factor` times each net's learning rate."""
        ...


def clip(gradient: Flat, longest: float) -> None:
    """Shortens, in place, every net's gradient to at most `longest`.

    A net whose gradient is not finite becomes NaN as a whole, and stays so: that is how it fails.
    """
    length = torch.linalg.vector_norm(gradient, dim=1, keepdim=True)
    gradient.mul_(length.clamp_min_(longest).reciprocal_().mul_(longest))


class Adam:
    """Kingma & Ba 2015 (arXiv:1412.6980), algorithm 1, without weight decay."""

    def __init__(self, weights: Flat, learning_rates: Rates) -> None:
        self._weights = weights
        self._learning_rates = learning_rates
        self._mean = torch.zeros_like(weights)
        self._square = torch.zeros_like(weights)
        self._move = torch.empty_like(weights)
        self._steps = 0

    def step(self, gradient: Flat, factor: float) -> None:
        """Moves the weights against the gradient, at `factor` times each net's learning rate."""
        self._steps += 1
        self._mean.lerp_(gradient, 1.0 - _FIRST)
        self._square.mul_(_SECOND).addcmul_(gradient, gradient, value=1.0 - _SECOND)
        # The correction of the second moment's start is a number: it goes where numbers are.
        start = (1.0 - _SECOND**self._steps) ** 0.5
        torch.sqrt(self._square, out=self._move).add_(_EPSILON * start)
        torch.div(self._mean, self._move, out=self._move)
        share = factor * start / (1.0 - _FIRST**self._steps)
        self._weights.addcmul_(self._move, self._learning_rates, value=-share)


class Momentum:
    """Stochastic gradient descent with momentum 0.9 (Polyak 1964), as torch.optim.SGD has it."""

    def __init__(self, weights: Flat, learning_rates: Rates) -> None:
        self._weights = weights
        self._learning_rates = learning_rates
        self._velocity = torch.zeros_like(weights)

    def step(self, gradient: Flat, factor: float) -> None:
        """Moves the weights along the velocity, at `factor` times each net's learning rate."""
        self._velocity.mul_(_MOMENTUM).add_(gradient)
        self._weights.addcmul_(self._velocity, self._learning_rates, value=-factor)


OPTIMISERS: Mapping[str, Callable[[Flat, Rates], Optimiser]] = MappingProxyType(
    {"adam": Adam, "sgd": Momentum}
)
"""By the name that a recipe gives."""
