"""A trained SymbolNet as what it is: expressions in SymPy, or a tree of one input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import torch

from evolve.operators.symbolnet.network import Prunable, SymbolicLayer, SymbolNet
from evolve.operators.symbolnet.slots import Slot, symbolic
from evolve.trees.tree import Tree, X, apply, constant

Rows: TypeAlias = npt.NDArray[np.float64]

DIGITS = 2
"""Significant digits of printed numbers, and of those that complexity is counted with."""


@torch.no_grad()
def expressions(net: SymbolNet, names: Sequence[str], digits: int | None = None) -> list[Any]:
    """A SymPy expression for each output in real symbols of these names, one an input.

    Args:
        net: on any device.
        names: of its inputs.
        digits: significant ones that numbers are rounded to; none: as they are.
    """
    import sympy as sp  # type: ignore[import-untyped]

    def number(value: Any) -> Any:
        return sp.Float(value if digits is None else f"{float(value):.{digits}g}")

    def summed(parts: Sequence[Any], weights: Sequence[float], bias: float) -> Any:
        terms = [number(w) * each for w, each in zip(weights, parts, strict=True) if w]
        return sp.Add(*terms, *([number(bias)] if bias else []))

    def plain(found: Any) -> Any:
        """Numbers that SymPy has multiplied, rounded again."""
        return (
            found
            if digits is None
            else found.xreplace({f: number(f) for f in found.atoms(sp.Float)})
        )

    symbols = [sp.Symbol(name, real=True) for name in names]
    kept = net.input_mask.tolist()
    parts: list[Any] = [each if k else sp.Integer(0) for each, k in zip(symbols, kept, strict=True)]
    for layer in net.symbolic:
        parts = _through(layer, _sums(layer.sums, parts, summed), symbolic, lambda a, b: a + b)
    return [plain(each) for each in _sums(net.last, parts, summed)]


def answers(formulas: Sequence[Any], names: Sequence[str], inputs: Rows) -> Rows:
    """What expressions say to rows of inputs: [rows, inputs] -> [rows, outputs]."""
    import sympy as sp

    symbols = [sp.Symbol(name, real=True) for name in names]
    # Plain names: a column may be called what no argument can be.
    plain = [sp.Dummy(f"x{place}", real=True) for place in range(len(names))]
    swapped = [each.xreplace(dict(zip(symbols, plain, strict=True))) for each in formulas]
    found = sp.lambdify(plain, swapped, "numpy")(*inputs.T)
    return np.column_stack([np.broadcast_to(each, len(inputs)) for each in found])


def complexity(expression: Any) -> int:
    """Nodes of an expression, as SymPy's preorder traversal counts them."""
    import sympy as sp

    return sum(1 for _ in sp.preorder_traversal(expression))


@torch.no_grad()
def tree(net: SymbolNet, digits: int) -> Tree:
    """The tree of a network with one input and one output, numbers of so many digits."""

    def summed(parts: Sequence[Tree | None], weights: Sequence[float], bias: float) -> Tree | None:
        found: Tree | None = None
        for part, weight in zip(parts, weights, strict=True):
            if weight and part is not None:
                scaled = apply("mul", _constant(weight, digits), part)
                found = scaled if found is None else apply("add", found, scaled)
        if not bias:
            return found
        shift = _constant(bias, digits)
        return shift if found is None else apply("add", found, shift)

    def called(slot: Slot, *inputs: Tree | None) -> Tree:
        return slot.tree(*[constant(0.0) if each is None else each for each in inputs])

    parts: list[Any] = [X if net.input_mask[0] else None]
    for layer in net.symbolic:
        parts = _through(layer, _sums(layer.sums, parts, summed), called, _added)
    (found,) = _sums(net.last, parts, summed)
    return constant(0.0) if found is None else found


def _through(
    layer: SymbolicLayer,
    sums: Sequence[Any],
    call: Callable[..., Any],
    add: Callable[[Any, Any], Any],
) -> list[Any]:
    """What a layer gives: operations where masks are 1, identities and additions elsewhere."""
    unary_mask, binary_mask = (each.tolist() for each in layer.masks)
    unary = len(layer.unary)
    found = [
        call(_key(call, slot), sums[place]) if mask else sums[place]
        for place, (slot, mask) in enumerate(zip(layer.unary, unary_mask, strict=True))
    ]
    for place, (slot, mask) in enumerate(zip(layer.binary, binary_mask, strict=True)):
        pair = sums[unary + 2 * place : unary + 2 * place + 2]
        found.append(call(_key(call, slot), *pair) if mask else add(*pair))
    return found


def _key(call: Callable[..., Any], slot: Any) -> Any:
    return slot.name if call is symbolic else slot


def _added(left: Tree | None, right: Tree | None) -> Tree | None:
    if left is None or right is None:
        return left or right
    return apply("add", left, right)


def _sums(own: Prunable, parts: Sequence[Any], summed: Callable[..., Any]) -> list[Any]:
    weight, bias = (each.double().cpu() for each in own.numbers)
    return [
        summed(parts, column, shift)
        for column, shift in zip(weight.T.tolist(), bias.tolist(), strict=True)
    ]


def _constant(value: float, digits: int) -> Tree:
    return constant(float(f"{value:.{digits}g}"))
