"""Many small nets as one: stacked weights, batched products, the gradient written out by hand.

Shapes: `nets` trained side by side; `points` of each, a column a point; `units` of a layer;
`outputs` of a net. All weights lie in one flat tensor, a row a net, and the gradient in another of
the same shape, so that clipping and moving are a few passes over two tensors. With points in
columns, the products of the last layer, which has one output, are as quick as the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from fitness.activation import Pointwise
from fitness.points import Points
from fitness.weights import Layout, Weights, carve


class Network:
    """Nets of one layout with their training points: fills `gradient`, answers queries.

    Attributes:
        gradient: of every net's loss, written by `backpropagate`.
    """

    def __init__(
        self,
        layers: Sequence[Pointwise],
        weights: Weights,
        points: Points,
        targets: Float[Tensor, "nets outputs points"],
        layout: Layout,
        *,
        classes: bool = False,
    ) -> None:
        """Takes one activation for each hidden layer; with `classes`, the loss is cross-entropy."""
        self._layers = layers
        self._weights = weights
        self._points = points
        self._targets = targets
        self._classes = classes
        self.gradient = carve(torch.zeros_like(weights.flat), layout)
        nets, _, columns = points.columns.shape
        behind = targets.shape[2]  # columns behind the first hidden layer, where sets are summed
        shapes = [(nets, u, columns if not k else behind) for k, u in enumerate(layout.units[1:])]
        self._sums = [weights.flat.new_empty(shape) for shape in shapes]
        self._pulls = [weights.flat.new_empty(shape) for shape in shapes]
        # Views are made once: a step is many small calls, and making a view is one of them.
        self._backward = [each.transpose(1, 2) for each in weights.matrices]
        # A product is quickest where it has few rows, so some matrices are written standing up. On
        # a CPU torch takes a batch in one call only into memory that is whole: then it is copied.
        self._places = [
            each if each.shape[1] <= each.shape[2] else each.transpose(1, 2)
            for each in self.gradient.matrices
        ]
        self._products = [
            each.new_empty(each.shape) if each.is_cpu else each for each in self._places
        ]

    def backpropagate(self) -> None:
        """Writes the gradient of every net's mean loss over its points into `gradient`."""
        weights, last, sets = self._weights, len(self._layers), self._points.sets
        values, slopes, parameter_slopes = [self._points.columns], [], []
        for layer, activation in enumerate(self._layers):
            self._add_up(layer, values[-1])
            value, slope, others = activation.value_and_slopes(
                self._sums[layer], weights.parameters[layer]
            )
            values.append(sets.summed(value) if sets and not layer else value)
            slopes.append(slope)
            parameter_slopes.append(others)
        self._add_up(last, values[-1])
        pull = self._pull_of_loss()
        self._collect(last, values[last], pull)
        for layer in reversed(range(last)):
            pull = self._pull_back(layer, pull)
            pull = sets.spread(pull) if sets and not layer else pull
            for own, slope in zip(
                self.gradient.parameters[layer], parameter_slopes[layer], strict=True
            ):
                torch.sum(pull * slope, dim=(1, 2), keepdim=True, out=own)
            pull.mul_(slopes[layer])
            self._collect(layer, values[layer], pull)

    def wishes(self) -> list[tuple[Tensor, Tensor]]:
        """What every hidden layer's activation is asked, and how its answers should change.

        Gives for each layer the sums z that go in and the gradient of every net's mean loss by
        the values that come out, both [nets, units, columns], as copies.
        """
        weights, value, sums = self._weights, self._points.columns, []
        sets = self._points.sets
        for layer, activation in enumerate(self._layers):
            sums.append(torch.baddbmm(weights.biases[layer], weights.matrices[layer], value))
            value = activation.value(sums[-1], weights.parameters[layer])
            value = sets.summed(value) if sets and not layer else value
        self._add_up(len(self._layers), value)
        pull, found = self._pull_of_loss(), []
        for layer in reversed(range(len(self._layers))):
            pull = torch.bmm(self._backward[layer + 1], pull)
            pull = sets.spread(pull) if sets and not layer else pull
            found.append((sums[layer], pull.clone()))
            activation = self._layers[layer]
            _, slope, _ = activation.value_and_slopes(sums[layer], weights.parameters[layer])
            pull = pull * slope
        return found[::-1]

    def losses(self) -> Float[Tensor, " nets"]:
        """Every net's mean loss over its training points: squared error, or cross-entropy."""
        answers = self.answer(self._points)
        if self._classes:
            return -(self._targets * answers.clamp_min(1e-12).log()).sum(dim=1).mean(dim=1)
        return (answers - self._targets).square().sum(dim=1).mean(dim=1)

    def answer(self, queries: Points) -> Float[Tensor, "nets outputs queries"]:
        """What every net says to its queries; probabilities, where outputs are classes."""
        weights, value = self._weights, queries.columns
        for layer, activation in enumerate(self._layers):
            value = torch.baddbmm(weights.biases[layer], weights.matrices[layer], value)
            value = activation.value(value, weights.parameters[layer])
            if queries.sets and not layer:
                value = queries.sets.summed(value)
        answers = torch.baddbmm(weights.biases[-1], weights.matrices[-1], value)
        return torch.softmax(answers, dim=1) if self._classes else answers

    def _add_up(self, layer: int, value: Float[Tensor, "nets fan_in columns"]) -> None:
        weights = self._weights
        torch.baddbmm(weights.biases[layer], weights.matrices[layer], value, out=self._sums[layer])

    def _pull_of_loss(self) -> Float[Tensor, "nets outputs points"]:
        """The gradient of the mean loss by the outputs: squared error, or cross-entropy."""
        sums, pull, points = self._sums[-1], self._pulls[-1], self._targets.shape[2]
        if self._classes:
            torch.softmax(sums, dim=1, out=pull)
            return pull.sub_(self._targets).mul_(1.0 / points)
        torch.sub(sums, self._targets, out=pull)
        return pull.mul_(2.0 / points)

    def _collect(
        self,
        layer: int,
        value: Float[Tensor, "nets fan_in columns"],
        pull: Float[Tensor, "nets fan_out columns"],
    ) -> None:
        product, place = self._products[layer], self._places[layer]
        rows, columns = (pull, value) if pull.shape[1] <= value.shape[1] else (value, pull)
        torch.bmm(rows, columns.transpose(1, 2), out=product)
        if product is not place:
            place.copy_(product)
        torch.sum(pull, dim=2, keepdim=True, out=self.gradient.biases[layer])

    def _pull_back(
        self, layer: int, pull: Float[Tensor, "nets fan_out columns"]
    ) -> Float[Tensor, "nets fan_in columns"]:
        matrix = self._backward[layer + 1]
        out = self._pulls[layer] if pull.shape[2] == self._pulls[layer].shape[2] else None
        if pull.shape[1] == 1:  # an outer product is one pass, and no business of a matrix library
            return torch.mul(matrix, pull, out=out)
        return torch.bmm(matrix, pull, out=out)
