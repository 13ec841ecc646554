"""Thresholds that are trained: what is pruned, how much of it, and the four regularisers.

SymbolNet (arXiv:2401.09949): a weight counts while its size is above a threshold of its own; an
input, a unary and a binary operator while a threshold in [0, 1] is below 1. A pruned unary operator
becomes the identity, a pruned binary one addition.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import torch
from torch import Tensor

STEEPNESS = 5.0
_EXPONENT = 0.01
_TOLERANCE = 1e-6


class _Step(torch.autograd.Function):
    """1 where x > 0, else 0; its gradient is that of a sigmoid of steepness 5."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, *pulls: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        # 5 e^(-5x) / (1 + e^(-5x))^2, in the form that overflows nowhere.
        level = torch.sigmoid(STEEPNESS * x)
        return pulls[0] * STEEPNESS * level * (1.0 - level)


def step(x: Tensor) -> Tensor:
    """Heaviside's step with a surrogate gradient."""
    return _Step.apply(x)  # type: ignore[no-any-return,no-untyped-call]


@dataclass(frozen=True)
class Sparsity:
    """Shares in [0, 1] that are pruned: of inputs, of weights and biases, of slots of each kind."""

    input: float = 0.0
    weights: float = 0.0
    unary: float = 0.0
    binary: float = 0.0

    def meets(self, targets: Sparsity) -> bool:
        """Whether no share is below its target."""
        return all(
            getattr(self, each.name) >= getattr(targets, each.name) - _TOLERANCE
            for each in fields(self)
        )


def urgency(reached: float, target: float) -> float:
    """D(s; s*) = exp(1 - (s* / (s* - min(s, s*)))^0.01): 1 at the start, 0 at the target."""
    left = target - min(reached, target)
    if left <= 0.0:
        return 0.0
    return float(torch.exp(torch.tensor(1.0 - (target / left) ** _EXPONENT)))


def regulariser(loss: Tensor, mean: Tensor, reached: float, target: float) -> Tensor:
    """R = L exp(-t) D, or L times a mean of exponentials: less of it where thresholds are higher.

    Args:
        loss: L, not detached.
        mean: exp(-mean threshold), or for weights the mean of exp(-threshold).
        reached: the share that is pruned now; carries no gradient.
        target: the share that is wanted.
    """
    return loss * mean * urgency(reached, target)
