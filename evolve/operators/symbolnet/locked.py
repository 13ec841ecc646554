"""What runs in the workshop's locked process for SymbolNet: nets and their activation, together.

Shapes: `nets` trained side by side, one a seed; `points` of each; `units` of a layer.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from evolve.operators.symbolnet.finish import close, frozen
from evolve.operators.symbolnet.network import SymbolNet
from evolve.operators.symbolnet.pruning import Sparsity
from evolve.operators.symbolnet.slots import SLOTS, Slot
from evolve.operators.symbolnet.unrolled import tree
from evolve.trees.translation import graph_of, tree_of
from evolve.trees.tree import Tree, replace_input
from evolve.workshop import answer, unpack
from fitness import train
from fitness.activation import gain
from fitness.lesson import Lesson
from fitness.recipe import Recipe
from sandbox import Graph, MalformedGraph
from sandbox.activation import Activation
from sandbox.refusal import Refused

BESIDE = ("sin", "tanh", "gauss", "sigmoid", "square", "cos")
PRUNING, CLOSING = 90, 60  # steps with thresholds, and steps in which the rest is pruned
RATE = 0.01
REACH = 3.0  # of sums, most of which are of about unit size
DIGITS = 3
_STEEPEST = 1.0


def warm_up() -> None:
    """Loads what is loaded at first use, while files may still be opened."""
    train.warm_up()
    net = nn.Linear(1, 1)
    optimiser = torch.optim.Adam(net.parameters())
    net(torch.ones(1, 1)).sum().backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), _STEEPEST)
    optimiser.step()


def grow(message: bytes) -> bytes:
    """Trains a symbolic activation that begins as a graph; answers the graph that is left."""
    order, recipe, elsewhere, lesson = unpack(message)
    if lesson.inputs.shape[2] > 1:
        return answer(None, "nets that read sets are not trained here; another task will do")
    parent, other = (Graph.from_json(each) for each in (order["graph"], elsewhere))
    generator = torch.Generator().manual_seed(order["seed"])
    net = symbolic_of(parent, generator)
    nets = Nets(lesson, recipe, Activation(parent), Activation(other), generator)
    numbers = sum(each.numel() for part in net.prunable for each in part.masks)
    _train(net, nets, Sparsity(weights=1.0 - order["kept"] / numbers, binary=0.5))
    try:
        return answer({"graph": graph_of(tree(_normal(net), DIGITS)).to_json()})
    except (Refused, MalformedGraph):
        return answer(None, "what is left of the symbolic network has no finite numbers")


def symbolic_of(parent: Graph, generator: torch.Generator) -> SymbolNet:
    """A symbolic network of one input that is the parent's function, and may become others."""
    slots = (own_slot(parent), *(SLOTS[name] for name in BESIDE))
    net = SymbolNet(1, 1, slots, (SLOTS["mul"],), generator)
    with torch.no_grad():
        for sums in (net.symbolic[0].sums.weight, net.last.weight):
            sums.mul_(0.05)
        net.symbolic[0].sums.weight.add_(1.0)  # a slot that wakes up sees the sums as they are
        net.symbolic[0].sums.bias.mul_(0.05)
        net.last.bias.mul_(0.05)
        net.last.weight[0, 0] = 1.0
        net.symbolic[0].sums.bias[0] = 0.0
    return net


def own_slot(parent: Graph) -> Slot:
    """The parent's function as an operation, its trainable scalars at their initial values."""
    compiled, spelled = Activation(parent), tree_of(parent)

    class Own(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            initial = [x.new_tensor(each) for each in compiled.parameters]
            value, slope, _ = compiled.value_and_slopes(x.contiguous(), initial)
            ctx.save_for_backward(slope)
            return value

        @staticmethod
        def backward(ctx: Any, *pulls: Tensor) -> Tensor:
            (slope,) = ctx.saved_tensors
            return pulls[0] * slope  # type: ignore[no-any-return]

    def over(part: Tree) -> Tree:
        return replace_input(spelled, part)

    return Slot("parent", Own.apply, over)


class Nets(nn.Module):
    """Small nets side by side, all of whose hidden units share one activation."""

    def __init__(
        self,
        lesson: Lesson,
        recipe: Recipe,
        parent: Activation,
        other: Activation,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self._inputs = torch.from_numpy(lesson.inputs[:, :, 0])
        self._targets = torch.from_numpy(lesson.targets)
        self._classes, self._recipe, self._other = lesson.classes, recipe, other
        count, _, features = self._inputs.shape
        units = [features, *[recipe.width] * recipe.hidden_layers, self._targets.shape[2]]
        weights, biases = [], []
        for layer, (fan_in, fan_out) in enumerate(pairwise(units)):
            scale = 1.0 if not layer else gain(parent if recipe.places(layer - 1) else other)
            drawn = torch.randn(count, fan_in, fan_out, generator=generator)
            weights.append(nn.Parameter(drawn * scale * fan_in**-0.5))
            biases.append(nn.Parameter(torch.zeros(count, 1, fan_out)))
        self._weights, self._biases = nn.ParameterList(weights), nn.ParameterList(biases)

    def loss(self, net: SymbolNet) -> Tensor:
        """The mean loss over points and nets: squared error, or cross-entropy."""
        value = self._inputs
        for layer, (weight, bias) in enumerate(zip(self._weights, self._biases, strict=True)):
            value = torch.baddbmm(bias, value, weight)
            if layer < self._recipe.hidden_layers:
                value = self._activated(layer, value, net)
        if self._classes:
            return -(self._targets * value.log_softmax(dim=2)).sum(dim=2).mean()
        return (value - self._targets).square().sum(dim=2).mean()

    def _activated(self, layer: int, value: Tensor, net: SymbolNet) -> Tensor:
        if self._recipe.places(layer):
            found: Tensor = net(value.reshape(-1, 1))
            return found.view_as(value)
        return _Fixed.apply(value, self._other)  # type: ignore[no-any-return,no-untyped-call]


class _Fixed(torch.autograd.Function):
    """A compiled activation that is not trained, for autograd."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, activation: Activation) -> Tensor:
        initial = [x.new_tensor(each) for each in activation.parameters]
        value, slope, _ = activation.value_and_slopes(x, initial)
        ctx.save_for_backward(slope)
        return value

    @staticmethod
    def backward(ctx: Any, *pulls: Tensor) -> tuple[Tensor, None]:
        (slope,) = ctx.saved_tensors
        return pulls[0] * slope, None


def _train(net: SymbolNet, nets: Nets, targets: Sparsity) -> None:
    """Thresholds first, then what is missing in ten helpings, weights learning all the while."""
    optimiser = torch.optim.Adam([*nets.parameters(), *net.parameters()], lr=RATE)
    for _ in range(PRUNING):
        loss = nets.loss(net)
        _move([net, nets], optimiser, loss + net.penalty(loss, targets))
        net.project()
    start, seen = net.sparsity(), torch.linspace(-REACH, REACH, 101).unsqueeze(1)
    for part in range(1, 11):
        share = 1.0 - (1.0 - part / 10) ** 3

        def toward(now: float, wanted: float, share: float = share) -> float:
            return now + share * max(0.0, wanted - now)

        weights = toward(start.weights, targets.weights)
        wanted = Sparsity(weights=weights, binary=toward(start.binary, targets.binary))
        close(net, wanted, seen)
        optimiser = torch.optim.Adam([*nets.parameters(), *frozen(net)], lr=RATE)
        for _ in range(CLOSING // 10):
            _move([net, nets], optimiser, nets.loss(net))


def _move(modules: list[nn.Module], optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    norm = torch.nn.utils.clip_grad_norm_(
        [each for module in modules for each in module.parameters()], _STEEPEST
    )
    if torch.isfinite(norm):
        optimiser.step()


@torch.no_grad()
def _normal(net: SymbolNet) -> SymbolNet:
    """The network with a largest outer weight of 1 and no outer bias: the next layer has them."""
    weight, _ = net.last.numbers
    largest = weight.abs().max()
    if largest > 0:
        net.last.weight.div_(weight.flatten()[weight.abs().argmax()])
    net.last.bias_kept.zero_()
    return net
