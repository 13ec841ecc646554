"""SymbolNet on a table: one network, pruned to its targets, in the table's own units."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from evolve.errors import ConfigError
from evolve.fits.extract import Extract, Rows
from evolve.fits.fitted import Fitted, measured
from evolve.operators.symbolnet.network import SymbolNet
from evolve.operators.symbolnet.pruning import Sparsity
from evolve.operators.symbolnet.slots import BINARY, UNARY, in_turn
from evolve.operators.symbolnet.training import Examples, Schedule, Trained, train
from evolve.operators.symbolnet.unrolled import DIGITS, answers, complexity, expressions

_CHOOSES = 7  # one row in so many of those that are learned from chooses among checkpoints

_FARTHEST = 10.0
"""No input is farther from its mean, in units of the network: a pixel that one image lights
would stand hundreds of deviations out there, and throw the network away."""


@dataclass(frozen=True)
class Layout:
    """The size of a network; the defaults are the authors'."""

    unary: int = 20
    binary: int = 5
    layers: int = 1


def read_targets(text: str) -> Sparsity:
    """Targets written as `input=0.8,weights=0.95,unary=0.4,binary=0.4`; what is not named is 0.

    Raises:
        ConfigError: there is no such target, or a number is no share that can be pruned.
    """
    known = [each.name for each in fields(Sparsity)]
    named: dict[str, float] = {}
    for part in text.split(","):
        name, equals, amount = (each.strip() for each in part.partition("="))
        if not equals or name not in known:
            raise ConfigError(f"--sparsity {part!r}: want name=share, names {', '.join(known)}")
        try:
            named[name] = float(amount)
        except ValueError:
            raise ConfigError(f"--sparsity {part!r}: {amount!r} is no number") from None
        most = 1.0 if name in {"unary", "binary"} else math.nextafter(1.0, 0.0)
        if not 0.0 <= named[name] <= most:
            closing = "1]" if most == 1.0 else "1)"
            raise ConfigError(f"--sparsity {part!r}: a share in [0, {closing} is wanted")
    return Sparsity(**named)


def demand(targets: Sparsity, layout: Layout, inputs: int, outputs: int) -> None:
    """Makes sure that targets can be met together, and a formula is left.

    Raises:
        ConfigError: they cannot; says how many are left, and how many it takes.
    """
    left = inputs - math.ceil(targets.input * inputs - 1e-6)
    if left < 1:
        raise ConfigError(
            f"--sparsity input={targets.input:g} leaves none of {inputs} inputs; "
            f"at most {(inputs - 1) / inputs:.3g} can be pruned"
        )
    slots, units = layout.unary + layout.binary, layout.unary + 2 * layout.binary
    sums = (inputs + 1) * units + (layout.layers - 1) * (slots + 1) * units
    numbers = sums + (slots + 1) * outputs
    kept = numbers - math.ceil(targets.weights * numbers - 1e-6)
    least = outputs + layout.layers  # a way from some input to some slot, and from it to all
    if kept < least:
        raise ConfigError(
            f"--sparsity weights={targets.weights:g} leaves {kept} of {numbers} weights, and "
            f"{outputs} output{'s' * (outputs > 1)} behind {layout.layers} "
            f"layer{'s' * (layout.layers > 1)} take {least} at least; lower it"
        )


def fit(
    extract: Extract,
    targets: Sparsity,
    layout: Layout,
    schedule: Schedule,
    seed: int,
    device: str,
    done: Callable[[int], None] = lambda _: None,
) -> Fitted:
    """Trains a network and writes each output as a formula of the table's own inputs.

    What is measured are the formulas as they are printed, their numbers rounded.

    Raises:
        ConfigError: targets cannot be met together, or there is no such device.
    """
    own, trained = learn(extract, targets, layout, schedule, seed, device, done)
    formulas = expressions(own, extract.names, DIGITS)

    def said(inputs: Rows) -> Rows:
        return answers(formulas, extract.names, inputs)

    reached = trained.net.sparsity()
    return Fitted(
        "symbolnet",
        {label: str(each) for label, each in zip(extract.labels, formulas, strict=True)},
        "accuracy" if extract.classes else "R^2",
        measured(said(extract.inputs), extract.targets, classes=extract.classes),
        measured(said(extract.held_inputs), extract.held_targets, classes=extract.classes),
        sum(int((each != 0).sum()) for part in own.prunable for each in part.numbers),
        float(np.mean([complexity(each) for each in formulas])),
        {
            each.name: f"{getattr(reached, each.name):.3f} pruned, "
            f"{getattr(targets, each.name):.3f} wanted, "
            f"{getattr(trained.by_thresholds, each.name):.3f} by thresholds alone"
            for each in fields(Sparsity)
        },
    )


def learn(
    extract: Extract,
    targets: Sparsity,
    layout: Layout,
    schedule: Schedule,
    seed: int,
    device: str,
    done: Callable[[int], None] = lambda _: None,
) -> tuple[SymbolNet, Trained]:
    """The network of the table's own inputs, and how it was trained.

    Raises:
        ConfigError: targets cannot be met together, or there is no such device.
    """
    demand(targets, layout, len(extract.names), len(extract.labels))
    if device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("--device cuda: torch finds no GPU here; leave it out")
    generator = torch.Generator().manual_seed(seed)
    scale = _Scale(extract)
    net = SymbolNet(
        len(extract.names),
        len(extract.labels),
        in_turn(UNARY, layout.unary),
        in_turn(BINARY, layout.binary),
        generator,
        layout.layers,
    ).to(device)
    trained = train(net, scale.examples(extract, device), targets, schedule, generator, done)
    return scale.undone(trained.net.cpu()), trained


class _Scale:
    """Mean 0 and variance 1 at most for a network, and the way back into the table's units."""

    def __init__(self, extract: Extract) -> None:
        self._mean = extract.inputs.mean(axis=0)
        spread = np.maximum(extract.inputs.std(axis=0), np.ptp(extract.inputs, axis=0) / _FARTHEST)
        self._spread = np.where(spread > 0, spread, 1.0)
        outputs = extract.targets.shape[1]
        self._center, self._unit = np.zeros(outputs), np.ones(outputs)
        if not extract.classes:
            self._center, self._unit = extract.targets.mean(axis=0), extract.targets.std(axis=0)

    def examples(self, extract: Extract, device: str) -> Examples:
        """The rows that are learned from, some of which choose."""
        inputs = _tensor((extract.inputs - self._mean) / self._spread, device)
        targets = _tensor((extract.targets - self._center) / self._unit, device)
        choosing = len(inputs) // _CHOOSES
        return Examples(
            inputs[choosing:], targets[choosing:], inputs[:choosing], targets[:choosing]
        )

    @torch.no_grad()
    def undone(self, net: SymbolNet) -> SymbolNet:
        """The same function of inputs as they stand in the table, in double precision."""
        own = copy.deepcopy(net).double()
        for part in own.prunable:
            weight, bias = part.numbers
            part.weight.copy_(weight)
            part.bias.copy_(bias)
        first, last = own.symbolic[0].sums, own.last
        moved = torch.from_numpy(self._mean / self._spread) * own.input_mask
        first.bias.sub_(moved @ first.weight)
        first.weight.div_(torch.from_numpy(self._spread).unsqueeze(1))
        last.weight.mul_(torch.from_numpy(self._unit))
        last.bias.copy_(last.bias * torch.from_numpy(self._unit) + torch.from_numpy(self._center))
        for part in own.prunable:
            part.kept.copy_((part.weight != 0).to(part.kept.dtype))
            part.bias_kept.copy_((part.bias != 0).to(part.kept.dtype))
            part.threshold.fill_(-1.0)
            part.bias_threshold.fill_(-1.0)
        return own


def _tensor(values: Rows, device: str) -> Tensor:
    return torch.tensor(values, dtype=torch.float32, device=device)
