"""Nets of torch with batch norm and dropout, as papers build them, that tell two classes apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

import sandbox
from evolve.fits.extract import Extract
from sandbox.tensors import run

Rows = npt.NDArray[np.float64]

_DROPPED = 0.3
_RATE = 1e-3
_LARGEST_BATCH, _FEWEST_STEPS = 1024, 8  # rows a step; steps an epoch, where rows are few


@dataclass(frozen=True, eq=False)
class Sides:
    """Standardised inputs, and classes 0 or 1, to learn from and to measure on."""

    inputs: Rows
    targets: Rows
    held_inputs: Rows
    held_targets: Rows

    @classmethod
    def of(cls, extract: Extract, positive: Sequence[str]) -> Sides:
        """An extract's, in which these classes are 1 and all others 0."""
        scaled = extract.standardised
        columns = [scaled.labels.index(each) for each in positive]
        return cls(
            scaled.inputs,
            scaled.targets[:, columns].sum(axis=1),
            scaled.held_inputs,
            scaled.held_targets[:, columns].sum(axis=1),
        )


class Pointwise(nn.Module):
    """A program as a module; autograd records it.

    Args:
        source: the program.
        scope: how far its reductions may look, if it has any.
    """

    def __init__(self, source: str, scope: sandbox.Scope = "pointwise") -> None:
        super().__init__()
        graph = sandbox.parse(source, scope)
        assert isinstance(graph, sandbox.Graph)  # noqa: S101  (a study's own program)
        self._graph = graph

    def forward(self, x: Tensor) -> Tensor:
        """f(x)."""
        return run(self._graph, x)[0]


def layered(inputs: int, widths: Sequence[int], activations: Sequence[nn.Module]) -> nn.Sequential:
    """Linear, batch norm, activation, dropout a layer; one output, before its sigmoid."""
    layers: list[nn.Module] = []
    for width, activation in zip(widths, activations, strict=True):
        layers += [nn.Linear(inputs, width), nn.BatchNorm1d(width), activation]
        layers.append(nn.Dropout(_DROPPED))
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, 1))


def size(net: nn.Module) -> int:
    """Numbers that are trained."""
    return sum(each.numel() for each in net.parameters())


def teach(net: nn.Sequential, sides: Sides, epochs: int, generator: torch.Generator) -> None:
    """Trains by cross-entropy and Adam."""
    inputs, targets = _tensor(sides.inputs), _tensor(sides.targets)
    batch = min(_LARGEST_BATCH, max(2, len(inputs) // _FEWEST_STEPS))
    optimiser = torch.optim.Adam(net.parameters(), lr=_RATE)
    for _ in range(epochs):
        for rows in _parts(torch.randperm(len(inputs), generator=generator), batch):
            if len(rows) > 1:  # of one row batch norm has no variance
                said = net(inputs[rows]).squeeze(1)
                loss = nn.functional.binary_cross_entropy_with_logits(said, targets[rows])
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
    net.eval()


@torch.no_grad()
def chances(net: nn.Sequential, inputs: Rows, batch: int | None = None) -> Rows:
    """The chances of class 1, asked for all at once or so many at a time."""
    parts = _parts(_tensor(inputs), batch or len(inputs))
    said = torch.cat([torch.sigmoid(net(each).squeeze(1)) for each in parts])
    return np.asarray(np.nan_to_num(said.double().numpy(), nan=0.5))


def _parts(rows: Tensor, size: int) -> Iterator[Tensor]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _tensor(values: Rows) -> Tensor:
    return torch.tensor(values, dtype=torch.float32)
