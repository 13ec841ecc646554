"""What a weight is worth: the damage that its loss would do, for each node that it costs.

Shapes: a pair of tensors for each `Prunable` of a network, from the inputs on: one number a weight,
[inputs, units], and one a bias, [units].
"""

from __future__ import annotations

from typing import Any, TypeAlias

import torch
from torch import Tensor

from evolve.operators.symbolnet.network import SymbolNet

PerNumber: TypeAlias = list[tuple[Tensor, Tensor]]


def saliencies(net: SymbolNet, rows: Tensor) -> PerNumber:
    """The damage of each weight and bias over the nodes that it costs; finite everywhere."""
    return [
        (_finite(weight / nodes.clamp_min(1.0)), _finite(bias / readers.clamp_min(1.0)))
        for (weight, bias), (nodes, readers) in zip(damages(net, rows), costs(net), strict=True)
    ]


@torch.enable_grad()
def damages(net: SymbolNet, rows: Tensor) -> PerNumber:
    """By how much a squared error at its least would rise without a number, to second order.

    w^2 E[sum over outputs of (d output / d w)^2]: the saliency h w^2 / 2 of Optimal Brain Damage
    (LeCun, Denker and Solla 1990), its curvature h that of Gauss and Newton.

    Args:
        net: whose masks are final.
        rows: [rows, inputs], over which the mean is taken.
    """
    passed: list[tuple[Tensor, Tensor]] = []

    def note(_: Any, given: tuple[Tensor, ...], sums: Tensor) -> None:
        passed.append((given[0].detach(), sums))

    hooks = [each.register_forward_hook(note) for each in net.prunable]
    answers = net(rows)
    for hook in hooks:
        hook.remove()
    pulls = [torch.zeros_like(sums) for _, sums in passed]
    for output in answers.sum(dim=0):
        slopes = torch.autograd.grad(output, [sums for _, sums in passed], retain_graph=True)
        for pull, slope in zip(pulls, slopes, strict=True):
            pull.add_(slope.square())
    return [
        (
            weight.detach().square() * (given.square().T @ pull / len(rows)),
            bias.detach().square() * pull.mean(dim=0),
        )
        for (weight, bias), (given, _), pull in zip(
            (each.numbers for each in net.prunable), passed, pulls, strict=True
        )
    ]


@torch.no_grad()
def costs(net: SymbolNet) -> PerNumber:
    """Nodes of all outputs' expressions, written out, that go with a number.

    A weight is a product of three nodes where its input is one; what is read by many is written by
    each of them. What SymPy merges is not foreseen.
    """
    readers = [torch.ones_like(net.last.bias)]
    for layer, behind in zip(reversed(net.symbolic), reversed(net.prunable), strict=False):
        readers.insert(0, layer.by_unit(behind.kept @ readers[0]))
    parts = torch.ones_like(net.input_kept)
    found = []
    for layer, read in zip(net.symbolic, readers, strict=False):
        found.append((torch.outer(parts + 2.0, read), read))
        sums = (parts + 2.0) @ layer.sums.kept + layer.sums.bias_kept + 1.0
        unary, pairs = sums[: len(layer.unary)], sums[len(layer.unary) :]
        parts = torch.cat([unary, pairs.view(-1, 2).sum(dim=1)]) + 1.0
    return [*found, (torch.outer(parts + 2.0, readers[-1]), readers[-1])]


def _finite(worth: Tensor) -> Tensor:
    return worth.nan_to_num(nan=torch.finfo(worth.dtype).max)
