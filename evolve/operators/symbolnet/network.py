"""The network: an input mask, symbolic layers with unary and binary slots, a linear layer.

Shapes: `batch`; `inputs`; `units` of a layer are its unary slots and two for each binary one;
`slots` are what it gives, unary ones first; `outputs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from evolve.operators.symbolnet.pruning import Sparsity, regulariser, step
from evolve.operators.symbolnet.slots import Slot

SPREAD = 0.05  # standard deviation of first weights


class Prunable(nn.Module):
    """A weight matrix and biases, each number with its threshold, and a mask that training fixed.

    Attributes:
        kept: 1 where a number may count at all, 0 where it was pruned for good.
    """

    kept: Tensor
    bias_kept: Tensor

    def __init__(self, inputs: int, units: int, generator: torch.Generator) -> None:
        super().__init__()
        drawn = torch.randn(inputs + 1, units, generator=generator) * SPREAD
        self.weight, self.bias = nn.Parameter(drawn[:-1].clone()), nn.Parameter(drawn[-1].clone())
        self.threshold = nn.Parameter(torch.zeros(inputs, units))
        self.bias_threshold = nn.Parameter(torch.zeros(units))
        self.register_buffer("kept", torch.ones(inputs, units))
        self.register_buffer("bias_kept", torch.ones(units))

    @property
    def masks(self) -> tuple[Tensor, Tensor]:
        """1 where a weight, or a bias, counts."""
        return (
            step(self.weight.abs() - self.threshold) * self.kept,
            step(self.bias.abs() - self.bias_threshold) * self.bias_kept,
        )

    @property
    def numbers(self) -> tuple[Tensor, Tensor]:
        """Weights and biases as they count: [inputs, units] and [units]."""
        weight_mask, bias_mask = self.masks
        return self.weight * weight_mask, self.bias * bias_mask

    def forward(self, x: Tensor) -> Tensor:
        """[batch, inputs] -> [batch, units]."""
        weight, bias = self.numbers
        return torch.addmm(bias, x, weight)


class SymbolicLayer(nn.Module):
    """Sums of inputs, and an operation for each slot that is not pruned.

    Attributes:
        unary: the unary slots.
        binary: the binary slots.
    """

    unary_kept: Tensor
    binary_kept: Tensor

    def __init__(
        self,
        inputs: int,
        unary: Sequence[Slot],
        binary: Sequence[Slot],
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.unary, self.binary = tuple(unary), tuple(binary)
        self.sums = Prunable(inputs, len(unary) + 2 * len(binary), generator)
        self.unary_threshold = nn.Parameter(torch.zeros(len(unary)))
        self.binary_threshold = nn.Parameter(torch.zeros(len(binary)))
        self.register_buffer("unary_kept", torch.ones(len(unary)))
        self.register_buffer("binary_kept", torch.ones(len(binary)))

    @property
    def slots(self) -> int:
        """How many numbers it gives."""
        return len(self.unary) + len(self.binary)

    @property
    def masks(self) -> tuple[Tensor, Tensor]:
        """1 where a unary, or a binary, slot keeps its operation."""
        return (
            step(1.0 - self.unary_threshold) * self.unary_kept,
            step(1.0 - self.binary_threshold) * self.binary_kept,
        )

    def by_unit(self, slots: Tensor) -> Tensor:
        """[slots] -> [units]: of each sum, the number of the slot that it feeds."""
        unary = len(self.unary)
        return torch.cat([slots[:unary], slots[unary:].repeat_interleave(2)])

    def forward(self, x: Tensor) -> Tensor:
        """[batch, inputs] -> [batch, slots]."""
        sums = self.sums(x)
        unary_mask, binary_mask = self.masks
        found = []
        for place, slot in enumerate(self.unary):
            part = sums[:, place]
            found.append(torch.lerp(part, slot.call(part), unary_mask[place]))
        start = len(self.unary)
        for place, slot in enumerate(self.binary):
            left, right = sums[:, start + 2 * place], sums[:, start + 2 * place + 1]
            found.append(torch.lerp(left + right, slot.call(left, right), binary_mask[place]))
        return torch.stack(found, dim=1)


class SymbolNet(nn.Module):
    """[batch, inputs] -> [batch, outputs]."""

    input_kept: Tensor

    def __init__(
        self,
        inputs: int,
        outputs: int,
        unary: Sequence[Slot],
        binary: Sequence[Slot],
        generator: torch.Generator,
        layers: int = 1,
    ) -> None:
        super().__init__()
        self.input_threshold = nn.Parameter(torch.zeros(inputs))
        self.register_buffer("input_kept", torch.ones(inputs))
        widths = [inputs, *[len(unary) + len(binary)] * layers]
        self.layers = nn.ModuleList(
            SymbolicLayer(width, unary, binary, generator) for width in widths[:-1]
        )
        self.last = Prunable(widths[-1], outputs, generator)

    @property
    def input_mask(self) -> Tensor:
        """1 where an input counts."""
        return step(1.0 - self.input_threshold) * self.input_kept

    @property
    def symbolic(self) -> list[SymbolicLayer]:
        """The symbolic layers, from the inputs on."""
        return [each for each in self.layers if isinstance(each, SymbolicLayer)]

    @property
    def prunable(self) -> list[Prunable]:
        """All that hold weights, from the inputs on."""
        return [*(each.sums for each in self.symbolic), self.last]

    def forward(self, x: Tensor) -> Tensor:
        """What the network answers."""
        x = x * self.input_mask
        for layer in self.symbolic:
            x = layer(x)
        answer: Tensor = self.last(x)
        return answer

    @torch.no_grad()
    def sparsity(self) -> Sparsity:
        """The shares that are pruned now."""
        weights = [each.flatten() for one in self.prunable for each in one.masks]
        return Sparsity(
            _pruned([self.input_mask]),
            _pruned(weights),
            _pruned([each.masks[0] for each in self.symbolic]),
            _pruned([each.masks[1] for each in self.symbolic]),
        )

    def penalty(self, loss: Tensor, targets: Sparsity) -> Tensor:
        """The sum of the four regularisers (pruning.py) of a loss."""
        now = self.sparsity()
        weights = torch.cat([each.flatten() for each in self._weight_thresholds()])
        parts = [
            (torch.exp(-self.input_threshold.mean()), now.input, targets.input),
            (torch.exp(-weights).mean(), now.weights, targets.weights),
        ]
        unary = torch.cat([each.unary_threshold for each in self.symbolic])
        binary = torch.cat([each.binary_threshold for each in self.symbolic])
        if len(unary):
            parts.append((torch.exp(-unary.mean()), now.unary, targets.unary))
        if len(binary):
            parts.append((torch.exp(-binary.mean()), now.binary, targets.binary))
        return torch.stack([regulariser(loss, *part) for part in parts]).sum()

    @torch.no_grad()
    def project(self) -> None:
        """Brings thresholds back to where they may be: from 0 on, or within [0, 1]."""
        for each in self._weight_thresholds():
            each.abs_()
        self.input_threshold.clamp_(0.0, 1.0)
        for layer in self.symbolic:
            layer.unary_threshold.clamp_(0.0, 1.0)
            layer.binary_threshold.clamp_(0.0, 1.0)

    def _weight_thresholds(self) -> Iterator[Tensor]:
        for each in self.prunable:
            yield each.threshold
            yield each.bias_threshold


def _pruned(masks: list[Tensor]) -> float:
    joined = torch.cat(masks)
    return 1.0 - float(joined.mean()) if len(joined) else 1.0
