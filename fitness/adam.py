"""Adam over one flat tensor, with a learning rate and a gradient clip for every net."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from fitness.weights import Flat

_FIRST, _SECOND, _EPSILON = 0.9, 0.999, 1e-8


def clip(gradient: Flat, longest: float) -> None:
    """Shortens, in place, every net's gradient to at most `longest`.

    A net whose gradient is not finite becomes NaN as a whole, and stays so: that is how it fails.
    """
    length = torch.linalg.vector_norm(gradient, dim=1, keepdim=True)
    gradient.mul_(longest / length.clamp_(min=longest))


class Adam:
    """Kingma & Ba 2015 (arXiv:1412.6980), algorithm 1, without weight decay."""

    def __init__(self, weights: Flat, learning_rates: Float[Tensor, "nets 1"]) -> None:
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
        torch.sqrt(self._square, out=self._move)
        self._move.mul_((1.0 - _SECOND**self._steps) ** -0.5).add_(_EPSILON)
        torch.div(self._mean, self._move, out=self._move)
        share = factor / (1.0 - _FIRST**self._steps)
        self._weights.addcmul_(self._move, self._learning_rates, value=-share)
