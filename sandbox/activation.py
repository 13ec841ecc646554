"""What a trainer holds of a program: its function and its slopes, compiled."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from sandbox.differentiation import differentiate
from sandbox.graph import Graph
from sandbox.lowering import lowered
from sandbox.tape import Tape


class Activation:
    """A function and its slopes, ready to be called thousands of times.

    Autograd records neither method: slopes come from `value_and_slopes`. What they return is
    fresh memory, which the caller may overwrite.

    Attributes:
        parameters: initial values of the trainable scalars.
    """

    def __init__(self, graph: Graph) -> None:
        self.parameters: tuple[float, ...] = tuple(each.initial for each in graph.parameters)
        self._value = Tape(lowered(graph, share=False))
        self._slopes = Tape(lowered(differentiate(graph), share=True))

    @torch.no_grad()
    def value(self, x: Tensor, parameters: Sequence[Tensor] = ()) -> Tensor:
        """f(x): a tensor of x's shape and dtype.

        Args:
            x: float32 or float64, of any shape.
            parameters: one tensor for each parameter, of x's dtype, that broadcasts against x.
        """
        return self._value.run(x, parameters)[0]

    @torch.no_grad()
    def value_and_slopes(
        self, x: Tensor, parameters: Sequence[Tensor] = ()
    ) -> tuple[Tensor, Tensor, tuple[Tensor, ...]]:
        """f(x), df/dx and df/dp for every parameter p, element by element, each of x's shape."""
        value, slope, *others = self._slopes.run(x, parameters)
        return value, slope, tuple(others)
