"""A find as a module of torch, from the ledger straight into a network."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from evolve import runs
from evolve.errors import RunError
from evolve.export.naming import attribute
from evolve.export.origin import Origin, origin
from sandbox import Graph
from sandbox.tensors import run


class Evolved(nn.Module):
    """The function with its trainable scalars; autograd records it.

    Attributes:
        gain: what to multiply the standard deviation of initial weights by.
        source: the function in Python, to be read.
    """

    def __init__(self, origin: Origin) -> None:
        super().__init__()
        self.gain = origin.gain
        self.source = origin.admission.canonical
        self._text = origin.graph.to_json()
        self._names = [attribute(each.name) for each in origin.graph.parameters]
        for name, each in zip(self._names, origin.graph.parameters, strict=True):
            self.register_parameter(name, nn.Parameter(torch.tensor(each.initial)))

    def forward(self, x: Tensor) -> Tensor:
        """f(x): a tensor of x's shape and dtype."""
        scalars = [self.get_parameter(name).to(x.dtype) for name in self._names]
        return run(Graph.from_json(self._text), x, scalars)[0]

    def extra_repr(self) -> str:
        """The last line of the function."""
        return self.source.strip().splitlines()[-1].strip().removeprefix("return ")


def load(name: str, folder: Path) -> Evolved:
    """The program that `RUN/PROGRAM` names.

    Args:
        name: a run's path or name, a slash, and a program's id or the start of it.
        folder: where runs are looked for by name.

    Raises:
        RunError: there is no such run or program, or the program was never admitted.
    """
    run_name, slash, program = name.rpartition("/")
    if not slash or not program:
        raise RunError(f"{name}: wanted RUN/PROGRAM, as in 20260101-120000/3e0fe9f4e3dc")
    return Evolved(origin(runs.find(run_name, folder), program))
