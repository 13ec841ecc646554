"""Activations with their slopes written out, for tests: fitness itself has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor

Slopes: TypeAlias = tuple[Tensor, ...]


@dataclass(frozen=True)
class Written:
    """A function of x and its parameters; `pieces` gives value, df/dx, df/dparameter, ..."""

    function: Callable[..., Tensor]
    pieces: Callable[..., Slopes]
    parameters: tuple[float, ...] = ()

    def value(self, x: Tensor, parameters: Sequence[Tensor]) -> Tensor:
        return self.function(x, *parameters)

    def value_and_slopes(
        self, x: Tensor, parameters: Sequence[Tensor]
    ) -> tuple[Tensor, Tensor, Slopes]:
        value, slope, *others = self.pieces(x, *parameters)
        return value, slope, tuple(others)


def _gelu(x: Tensor) -> Slopes:
    slope = torch.ops.aten.gelu_backward(torch.ones_like(x), x)
    return torch.nn.functional.gelu(x), slope


def _silu(x: Tensor) -> Slopes:
    gate = torch.sigmoid(x)
    value = x * gate
    return value, torch.addcmul(gate, value, 1.0 - gate)


def _tanh(x: Tensor) -> Slopes:
    value = torch.tanh(x)
    return value, 1.0 - torch.square(value)


def _swish(x: Tensor, beta: Tensor) -> Slopes:
    gate = torch.sigmoid(beta * x)
    bend = x * gate * (1.0 - gate)
    return x * gate, gate + beta * bend, x * bend


def _waves(x: Tensor, *heights: Tensor) -> Slopes:
    """tanh(x) and a wave of each height, of one frequency after another."""
    value, slope = _tanh(x)
    waves = tuple(torch.sin(k * x) for k in range(1, 1 + len(heights)))
    for k, (height, wave) in enumerate(zip(heights, waves, strict=True), 1):
        value, slope = value + height * wave, slope + k * height * torch.cos(k * x)
    return value, slope, *waves


def _gelusine(x: Tensor) -> Slopes:
    value, slope = _gelu(x)
    return value.add_(torch.sin(x), alpha=0.1), slope.add_(torch.cos(x), alpha=0.1)


IDENTITY = Written(lambda x: x, lambda x: (x, torch.ones_like(x)))
SQUARE = Written(torch.square, lambda x: (torch.square(x), 2.0 * x))
RELU = Written(torch.relu, lambda x: (torch.relu(x), torch.relu(x).sign_()))
GELU = Written(torch.nn.functional.gelu, _gelu)
SILU = Written(torch.nn.functional.silu, _silu)
TANH = Written(torch.tanh, _tanh)
SIN = Written(torch.sin, lambda x: (torch.sin(x), torch.cos(x)))
SNAKE = Written(
    lambda x: x + torch.square(torch.sin(x)),
    lambda x: (x + torch.square(torch.sin(x)), 1.0 + torch.sin(2.0 * x)),
)
GELUSINE = Written(lambda x: torch.nn.functional.gelu(x) + 0.1 * torch.sin(x), _gelusine)
SWISH = Written(lambda x, beta: x * torch.sigmoid(beta * x), _swish, (1.0,))
WAVES = Written(lambda x, *heights: _waves(x, *heights)[0], _waves, (0.1,) * 5)
ZERO = Written(torch.zeros_like, lambda x: (torch.zeros_like(x), torch.zeros_like(x)))
LOGARITHM = Written(torch.log, lambda x: (torch.log(x), 1.0 / x))
EXPLODING = Written(
    lambda x: torch.exp(torch.square(x)),
    lambda x: (torch.exp(torch.square(x)), 2.0 * x * torch.exp(torch.square(x))),
)
STEEP = Written(lambda x: 1e30 * x, lambda x: (1e30 * x, torch.full_like(x, 1e30)))
