"""A fitted tree with its line as a formula, in numbers as short as the fit allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from evolve.operators.xnet.flow import Examples, output
from evolve.operators.xnet.search import Fit
from evolve.trees.tree import Tree, apply, constant

_DEARER, _RESIDUE = 1.01, 1e-13  # what rounding may make of an error: so many times it, and this


def whole(fit: Fit, examples: Examples) -> Tree:
    """Scale tree + shift as one tree; a scale of 1 and a shift of 0 are left out."""
    value = output(fit.tree, examples.inputs)

    def error(scale: float, shift: float) -> float:
        left = scale * value + shift - examples.target
        return float(examples.weights @ (left * left)) / examples.variance

    scale, shift = fit.line.scale, fit.line.shift
    most = _DEARER * error(scale, shift) + _RESIDUE
    for digits in range(1, 12):
        pair = round(scale, digits), round(shift, digits)
        if error(*pair) <= most:
            scale, shift = pair
            break
    tree = fit.tree if scale == 1.0 else apply("mul", constant(scale), fit.tree)
    return tree if shift == 0.0 else apply("add", tree, constant(shift))


def expression(tree: Tree, names: Sequence[str]) -> Any:
    """The tree in SymPy, in real symbols of these names, one an input."""
    import sympy as sp  # type: ignore[import-untyped]

    from sandbox.symbolic import applied

    if tree.operation == "x":
        number = int(tree.attributes[0]) if tree.attributes else 0
        return sp.Symbol(names[number], real=True)
    if tree.operation == "constant":
        value = tree.attributes[0]
        return sp.Integer(int(value)) if value.is_integer() else sp.Float(repr(value))
    return applied(
        tree.operation, [expression(each, names) for each in tree.inputs], tree.attributes
    )


def numbers(tree: Tree) -> int:
    """How many numbers a tree holds."""
    return sum(each.operation == "constant" for _, each in tree.walk())


def answers(tree: Tree, inputs: np.ndarray) -> np.ndarray:
    """What the formula says to rows of inputs [features, rows]."""
    return np.broadcast_to(output(tree, inputs), inputs.shape[1:])
