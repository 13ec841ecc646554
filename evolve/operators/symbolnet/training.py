"""Trains a SymbolNet: thresholds prune while weights learn, then what is left of the targets."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from evolve.operators.symbolnet.finish import close, frozen
from evolve.operators.symbolnet.network import SymbolNet
from evolve.operators.symbolnet.pruning import Sparsity

_CLOSING = 0.6  # of the refining passes: by then every target is met
_LOOKED_AT = 1024  # rows by which it is told what a weight is worth
_STEEPEST = 10.0  # norm of a gradient that is followed as it is: exp slots can throw a net away


@dataclass(frozen=True)
class Schedule:
    """How a network is trained; the defaults are the authors'.

    Attributes:
        epochs: passes over the rows in which thresholds are trained.
        batch: rows a step.
        rate: of Adam.
        refining: passes after them, in which what is missing is pruned; 2 or more.
    """

    epochs: int = 180
    batch: int = 256
    rate: float = 0.005
    refining: int = 40


@dataclass(frozen=True)
class Examples:
    """Rows to train on, and rows to choose by: inputs [rows, inputs], targets [rows, outputs]."""

    inputs: Tensor
    targets: Tensor
    held_inputs: Tensor
    held_targets: Tensor


@dataclass(frozen=True)
class Trained:
    """What came of it.

    Attributes:
        net: meets the targets.
        by_thresholds: the sparsity that training thresholds reached by itself.
        loss: of `net` on the held rows: squared errors summed over outputs, a mean over rows.
    """

    net: SymbolNet
    by_thresholds: Sparsity
    loss: float


def squared_error(answers: Tensor, targets: Tensor) -> Tensor:
    """Summed over outputs, a mean over rows."""
    return (answers - targets).square().sum(dim=1).mean()


def train(
    net: SymbolNet,
    examples: Examples,
    targets: Sparsity,
    schedule: Schedule,
    generator: torch.Generator,
    done: Callable[[int], None] = lambda _: None,
) -> Trained:
    """The best network, by the held rows, among those that meet the targets.

    Thresholds are trained first; a network of that time is a candidate if it meets the targets
    already. What is missing then is pruned outright (finish.py), a little before each pass, and the
    weights go on learning with the masks fixed, at a rate that falls to 0.

    Args:
        net: changed in place; its device is where training happens.
        examples: on that device.
        targets: least shares that are to be pruned.
        schedule: how long, and how fast.
        generator: of the order of rows, on the CPU.
        done: called after each pass with its number.
    """
    best = _Best(net, examples)
    optimiser = torch.optim.Adam(net.parameters(), lr=schedule.rate)
    for epoch in range(schedule.epochs):
        for rows in _batches(len(examples.inputs), schedule.batch, generator):
            loss = squared_error(net(examples.inputs[rows]), examples.targets[rows])
            _move(net, optimiser, loss + net.penalty(loss, targets))
            net.project()
        if net.sparsity().meets(targets):
            best.offer(net)
        done(epoch)
    reached = net.sparsity()
    shown = examples.inputs[:_LOOKED_AT]
    for epoch in range(schedule.refining):
        share = min(1.0, (epoch + 1) / (_CLOSING * schedule.refining))
        if epoch == 0 or share < 1.0 or not net.sparsity().meets(targets):
            close(net, _between(reached, targets, share), shown)
            weights = frozen(net)
        if epoch == 0:
            optimiser = torch.optim.Adam(weights, lr=schedule.rate)
        for group in optimiser.param_groups:
            group["lr"] = schedule.rate * (1.0 - epoch / schedule.refining)
        for rows in _batches(len(examples.inputs), schedule.batch, generator):
            _move(net, optimiser, squared_error(net(examples.inputs[rows]), examples.targets[rows]))
        if net.sparsity().meets(targets):
            best.offer(net)
        done(schedule.epochs + epoch)
    return Trained(best.net, reached, best.loss)


class _Best:
    """The best network so far on the held rows."""

    def __init__(self, net: SymbolNet, examples: Examples) -> None:
        self.net, self.loss = net, float("inf")
        self._examples = examples

    @torch.no_grad()
    def offer(self, net: SymbolNet) -> None:
        """Keeps a copy of a network that is better."""
        held = self._examples
        loss = float(squared_error(net(held.held_inputs), held.held_targets))
        if loss < self.loss:
            self.net, self.loss = copy.deepcopy(net), loss


def _between(reached: Sparsity, targets: Sparsity, share: float) -> Sparsity:
    """Part of the way from what is reached to what is wanted."""

    def toward(now: float, wanted: float) -> float:
        # The fuller a net is, the more of it goes at once (Zhu and Gupta 2017, arXiv:1710.01878).
        return now + (1.0 - (1.0 - share) ** 3) * (wanted - now) if now < wanted else wanted

    return Sparsity(
        toward(reached.input, targets.input),
        toward(reached.weights, targets.weights),
        toward(reached.unary, targets.unary),
        toward(reached.binary, targets.binary),
    )


def _move(net: SymbolNet, optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    """One step, unless there is no number to follow."""
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    norm = torch.nn.utils.clip_grad_norm_(net.parameters(), _STEEPEST)
    if torch.isfinite(norm):
        optimiser.step()


def _batches(rows: int, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    order = torch.randperm(rows, generator=generator)
    for start in range(0, rows, size):
        yield order[start : start + size]
