"""Many small nets as one: stacked weights, batched products, the gradient written out by hand.

Shapes: `nets` trained side by side; `batch` points of each; `width` units of a hidden layer.
All weights lie in one flat tensor, a row a net, and the gradient in another of the same shape, so
that clipping and Adam are a few passes over two tensors.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from fitness.activation import Activation
from fitness.weights import Layout, Weights, carve


class Network:
    """Nets of one layout with their training points: fills `gradient`, answers queries."""

    def __init__(
        self,
        activation: Activation,
        weights: Weights,
        inputs: Float[Tensor, "nets batch features"],
        targets: Float[Tensor, "nets batch 1"],
        layout: Layout,
    ) -> None:
        self._activation = activation
        self._weights = weights
        self._inputs = inputs
        self._targets = targets
        self.gradient = carve(torch.zeros_like(weights.flat), layout)
        nets, batch, _ = inputs.shape
        self._sums = [inputs.new_empty(nets, batch, units) for units in layout.units[1:]]
        self._pulls = [inputs.new_empty(nets, batch, units) for units in layout.units[1:]]

    def backpropagate(self) -> None:
        """Writes the gradient of every net's mean squared error into `gradient`."""
        weights, last = self._weights, len(self._sums) - 1
        values, slopes, parameter_slopes = [self._inputs], [], []
        for layer in range(last):
            self._add_up(layer, values[-1])
            value, slope, others = self._activation.value_and_slopes(
                self._sums[layer], weights.parameters[layer]
            )
            values.append(value)
            slopes.append(slope)
            parameter_slopes.append(others)
        self._add_up(last, values[-1])
        pull = torch.sub(self._sums[last], self._targets, out=self._pulls[last])
        pull.mul_(2.0 / pull.shape[1])
        self._collect(last, values[last], pull)
        for layer in reversed(range(last)):
            pull = self._pull_back(layer, pull)
            for own, slope in zip(
                self.gradient.parameters[layer], parameter_slopes[layer], strict=True
            ):
                torch.sum(pull * slope, dim=(1, 2), keepdim=True, out=own)
            pull.mul_(slopes[layer])
            self._collect(layer, values[layer], pull)

    def answer(
        self, queries: Float[Tensor, "nets queries features"]
    ) -> Float[Tensor, "nets queries"]:
        """What every net says to its queries."""
        weights, value = self._weights, queries
        for layer, parameters in enumerate(weights.parameters):
            value = torch.baddbmm(weights.biases[layer], value, weights.matrices[layer])
            value = self._activation.value(value, parameters)
        return torch.baddbmm(weights.biases[-1], value, weights.matrices[-1]).squeeze(2)

    def _add_up(self, layer: int, value: Float[Tensor, "nets batch fan_in"]) -> None:
        weights = self._weights
        torch.baddbmm(weights.biases[layer], value, weights.matrices[layer], out=self._sums[layer])

    def _collect(
        self,
        layer: int,
        value: Float[Tensor, "nets batch fan_in"],
        pull: Float[Tensor, "nets batch fan_out"],
    ) -> None:
        torch.bmm(value.transpose(1, 2), pull, out=self.gradient.matrices[layer])
        torch.sum(pull, dim=1, keepdim=True, out=self.gradient.biases[layer])

    def _pull_back(
        self, layer: int, pull: Float[Tensor, "nets batch fan_out"]
    ) -> Float[Tensor, "nets batch fan_in"]:
        matrix = self._weights.matrices[layer + 1].transpose(1, 2)
        if pull.shape[2] == 1:  # an outer product is one pass, and no business of a matrix library
            return torch.mul(pull, matrix, out=self._pulls[layer])
        return torch.bmm(pull, matrix, out=self._pulls[layer])
