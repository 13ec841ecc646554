"""Where the weights of many nets lie in one tensor, and what they are at the start.

Shapes: `nets` trained side by side; `seeds` of initial noise; `size` numbers that one net trains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from fitness.activation import Activation, gain

Flat: TypeAlias = Float[Tensor, "nets size"]


@dataclass(frozen=True)
class Layout:
    """Where the weights of a net lie in its row: matrices, then biases, then activations.

    Attributes:
        units: features, the widths of the hidden layers, and the outputs.
        parameters: numbers kept for the activation's parameters, of each hidden layer.
    """

    units: tuple[int, ...]
    parameters: tuple[int, ...]

    @property
    def matrix_size(self) -> int:
        """Numbers in a net's matrices: what initial noise is drawn for, whatever the activation."""
        return sum(fan_in * fan_out for fan_in, fan_out in pairwise(self.units))

    @property
    def size(self) -> int:
        """Numbers that one net trains."""
        return self.matrix_size + sum(self.units[1:]) + sum(self.parameters)


@dataclass(frozen=True, eq=False)
class Weights:
    """A flat tensor, and the views of it that the layers use (of weights, or of their gradient).

    Attributes:
        flat: one row a net.
        matrices: [nets, fan_out, fan_in] of each layer, the output layer last.
        biases: [nets, fan_out, 1] of each layer.
        parameters: the activation's, [nets, 1, 1] each, a tuple a hidden layer.
    """

    flat: Flat
    matrices: tuple[Float[Tensor, "nets _ _"], ...]
    biases: tuple[Float[Tensor, "nets _ 1"], ...]
    parameters: tuple[tuple[Float[Tensor, "nets 1 1"], ...], ...]


def carve(flat: Flat, layout: Layout) -> Weights:
    """The views of a flat tensor that the layout describes."""
    start = 0

    def block(rows: int, columns: int) -> Tensor:
        nonlocal start
        start += rows * columns
        return flat[:, start - rows * columns : start].view(-1, rows, columns)

    matrices = tuple(block(fan_out, fan_in) for fan_in, fan_out in pairwise(layout.units))
    biases = tuple(block(fan_out, 1) for fan_out in layout.units[1:])
    parameters = tuple(tuple(block(1, 1) for _ in range(count)) for count in layout.parameters)
    return Weights(flat, matrices, biases, parameters)


def first_weights(
    layers: Sequence[Activation], layout: Layout, noise_seeds: Sequence[int]
) -> Float[Tensor, "seeds size"]:
    """Weights ~ N(0, gain^2 / fan_in), zero biases, the activations' own initial values.

    The gain is that of the activation which a layer reads. The noise is drawn for matrices alone,
    so that every activation, with parameters or without, meets the same. The first layer reads
    standardised inputs, whose second moment is 1 already. A layout may have room for more
    parameters than an activation has; those are zero.
    """
    numbers = [
        np.random.default_rng(seed).standard_normal(layout.matrix_size, np.float32)
        for seed in noise_seeds
    ]
    flat = torch.zeros(len(numbers), layout.size)
    flat[:, : layout.matrix_size] = torch.from_numpy(np.stack(numbers))
    views = carve(flat, layout)
    for matrix, scale in zip(views.matrices, [1.0, *map(gain, layers)], strict=True):
        matrix.mul_(scale / matrix.shape[2] ** 0.5)
    for parameters, activation in zip(views.parameters, layers, strict=True):
        for parameter, value in zip(parameters, activation.parameters, strict=False):
            parameter.fill_(value)
    return flat
