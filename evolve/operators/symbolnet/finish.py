"""What thresholds have left of a target is pruned outright: the least salient first."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from evolve.operators.symbolnet.network import Prunable, SymbolicLayer, SymbolNet
from evolve.operators.symbolnet.pruning import Sparsity
from evolve.operators.symbolnet.saliency import saliencies

_NEVER = 4.0  # so far below any |w| that the mask alone decides, and passes no gradient


@torch.no_grad()
def close(net: SymbolNet, targets: Sparsity, rows: Tensor) -> None:
    """Fixes the masks of a network as they are, and prunes until every target is met.

    Thresholds alone undershoot (the authors' logged run: 0.849 of 0.95 of the inputs). Inputs go
    first, those with the least behind them, and operators, by their thresholds; then weights that
    can no longer matter, because their input or slot is gone; then the least salient weights.

    Args:
        net: changed in place.
        targets: least shares that are to be pruned.
        rows: [rows, inputs] that the network is for, some hundreds: of what goes on in it there,
            as little as possible is to be lost.
    """
    _fix(net)
    weights, _ = saliencies(net, rows)[0]
    _prune([net.input_kept], [weights.sum(dim=1)], targets.input)
    unary, binary = zip(*map(_margins, net.symbolic, net.prunable[1:]), strict=True)
    _prune([each.unary_kept for each in net.symbolic], unary, targets.unary)
    _prune([each.binary_kept for each in net.symbolic], binary, targets.binary)
    _drop_idle(net)
    masks = [mask for each in net.prunable for mask in (each.kept, each.bias_kept)]
    worth = [part for pair in saliencies(net, rows) for part in pair]
    _prune(masks, worth, targets.weights)


def _margins(layer: SymbolicLayer, behind: Prunable) -> tuple[Tensor, Tensor]:
    """How far unary and binary slots are from being pruned, by what reads them too."""
    read = (behind.weight.abs() * behind.kept).sum(dim=1)
    unary = len(layer.unary)
    return (1.0 - layer.unary_threshold) * read[:unary], (1.0 - layer.binary_threshold) * read[
        unary:
    ]


def _fix(net: SymbolNet) -> None:
    """The masks that thresholds make become final, and the thresholds 0."""
    net.input_kept.copy_(net.input_mask)
    net.input_threshold.zero_()
    for layer in net.symbolic:
        unary, binary = layer.masks
        layer.unary_kept.copy_(unary)
        layer.binary_kept.copy_(binary)
    for each in net.prunable:
        weight, bias = each.masks
        each.kept.copy_(weight)
        each.bias_kept.copy_(bias)


def frozen(net: SymbolNet) -> list[torch.nn.Parameter]:
    """The parameters that are trained on when masks are final: weights and biases."""
    with torch.no_grad():
        for layer in net.symbolic:
            layer.unary_threshold.zero_()
            layer.binary_threshold.zero_()
        for each in net.prunable:
            each.threshold.fill_(-_NEVER)
            each.bias_threshold.fill_(-_NEVER)
    return [part for each in net.prunable for part in (each.weight, each.bias)]


def _drop_idle(net: SymbolNet) -> None:
    """Weights of inputs that are gone, and of sums that only feed a slot nobody reads."""
    read = net.last.kept
    for layer in reversed(net.symbolic):
        units = layer.by_unit((read.sum(dim=1) > 0).to(read.dtype))
        layer.sums.kept.mul_(units)
        layer.sums.bias_kept.mul_(units)
        read = layer.sums.kept
    net.symbolic[0].sums.kept.mul_(net.input_kept.unsqueeze(1))


def _prune(masks: Sequence[Tensor], margins: Sequence[Tensor], target: float) -> None:
    """Sets to 0 what has the least margin, until the share `target` of all masks is 0."""
    joined = torch.cat([each.flatten() for each in masks])
    if not len(joined):
        return
    missing = math.ceil(target * len(joined) - 1e-6) - int((joined == 0).sum())
    if missing <= 0:
        return
    margin = torch.cat([each.flatten() for each in margins])
    margin = torch.where(joined > 0, margin, torch.inf)
    joined[margin.argsort()[:missing]] = 0.0
    start = 0
    for mask in masks:
        mask.copy_(joined[start : start + mask.numel()].view_as(mask))
        start += mask.numel()
