"""What may stand in a slot of a symbolic layer: torch for training, trees and SymPy to be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from evolve.trees.tree import Tree, apply


@dataclass(frozen=True)
class Slot:
    """One operation of a symbolic layer.

    Attributes:
        name: what it is called.
        call: on tensors of any shape, one or two of them.
        tree: the same over trees.
    """

    name: str
    call: Callable[..., Tensor]
    tree: Callable[..., Tree]


_LARGEST_EXPONENT = 30.0


def _exp(x: Tensor) -> Tensor:
    # Beyond e^30 a net is lost in any case; infinity times a mask of 0 would be no number.
    return torch.exp(x.clamp(max=_LARGEST_EXPONENT))


def _gauss(x: Tensor) -> Tensor:
    return torch.exp(-x * x)


def _gauss_tree(x: Tree) -> Tree:
    return apply("exp", apply("neg", apply("square", x)))


def _named(name: str, call: Callable[..., Tensor]) -> Slot:
    return Slot(name, call, lambda *parts: apply(name, *parts))


SLOTS: Mapping[str, Slot] = MappingProxyType(
    {
        each.name: each
        for each in (
            _named("sin", torch.sin),
            _named("cos", torch.cos),
            _named("exp", _exp),
            Slot("gauss", _gauss, _gauss_tree),
            _named("tanh", torch.tanh),
            _named("sigmoid", torch.sigmoid),
            _named("square", torch.square),
            _named("mul", torch.mul),
        )
    }
)
UNARY, BINARY = ("sin", "cos", "exp", "gauss"), ("mul",)
"""Of the authors' released run; slots take them in turn."""


def symbolic(name: str, *parts: Any) -> Any:
    """The operation of a slot over SymPy expressions."""
    import sympy as sp  # type: ignore[import-untyped]

    if name == "gauss":
        return sp.exp(-(parts[0] ** 2))
    if name == "sigmoid":
        return 1 / (1 + sp.exp(-parts[0]))
    if name == "square":
        return parts[0] ** 2
    return parts[0] * parts[1] if name == "mul" else getattr(sp, name)(*parts)


def in_turn(names: tuple[str, ...], count: int) -> tuple[Slot, ...]:
    """So many slots, the operations in turn."""
    return tuple(SLOTS[names[place % len(names)]] for place in range(count))
