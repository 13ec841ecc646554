"""Forward through a tree, and backward: what is wanted of every node's output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.operators.xnet.symbols import Row, slopes, value
from evolve.trees.tree import Path, Tree

Values: TypeAlias = Mapping[Path, Any]
"""Every node's value: an array over the rows, or a number."""


@dataclass(frozen=True, eq=False)
class Examples:
    """What is fitted.

    Attributes:
        inputs: [features, rows].
        target: [rows].
        weights: [rows], sum 1: how much a row counts.
    """

    inputs: npt.NDArray[np.float64]
    target: Row
    weights: Row

    @classmethod
    def of(cls, inputs: npt.NDArray[np.float64], target: Row) -> Examples:
        """Rows that count alike, from inputs [rows, features]."""
        rows = len(target)
        return cls(np.ascontiguousarray(inputs.T), target, np.full(rows, 1.0 / rows))

    @cached_property
    def centred(self) -> Row:
        """The target less its mean."""
        return self.target - self.weights @ self.target

    @cached_property
    def variance(self) -> float:
        """Of the target."""
        return float(self.weights @ self.centred**2)

    def some(self, rows: npt.NDArray[np.intp]) -> Examples:
        """These rows alone."""
        weights = self.weights[rows]
        return Examples(self.inputs[:, rows], self.target[rows], weights / weights.sum())


@dataclass(frozen=True)
class Line:
    """The straight line scale v + shift that brings an output nearest to the target."""

    scale: float
    shift: float
    r2: float


NOWHERE = Line(0.0, 0.0, -np.inf)
"""Of an output that is not finite, or does not vary."""


@np.errstate(all="ignore")
def line(output: Any, examples: Examples) -> Line:
    """The root's scale and shift by least squares, and R^2 = 1 - error / variance of the target."""
    if np.ndim(output) == 0:
        return NOWHERE
    weights = examples.weights
    mean = weights @ output
    centred = output - mean
    spread = weights @ (centred * centred)
    # Below rounding of the mean there is no variation, only arithmetic.
    if not np.isfinite(spread) or spread <= 1e-24 * (1.0 + mean * mean):
        return NOWHERE
    scale = float((weights * centred) @ examples.centred / spread)
    left = examples.centred - scale * centred
    r2 = 1.0 - float(weights @ (left * left)) / examples.variance
    shift = float(weights @ examples.target - scale * mean)
    return Line(scale, shift, r2) if np.isfinite(r2) else NOWHERE


def forward(tree: Tree, inputs: npt.NDArray[np.float64]) -> dict[Path, Any]:
    """Every node's value by its path; `inputs` is [features, rows]."""
    values: dict[Path, Any] = {}

    def visit(node: Tree, path: Path) -> Any:
        if node.operation == "x":
            found: Any = inputs[int(node.attributes[0]) if node.attributes else 0]
        elif not node.inputs:
            found = node.attributes[0]
        else:
            found = value(node, [visit(each, (*path, k)) for k, each in enumerate(node.inputs)])
        values[path] = found
        return found

    with np.errstate(all="ignore"):
        visit(tree, ())
    return values


def output(tree: Tree, inputs: npt.NDArray[np.float64]) -> Any:
    """The root's value."""

    def visit(node: Tree) -> Any:
        if node.operation == "x":
            return inputs[int(node.attributes[0]) if node.attributes else 0]
        if not node.inputs:
            return node.attributes[0]
        return value(node, [visit(each) for each in node.inputs])

    with np.errstate(all="ignore"):
        return visit(tree)


def wanted(tree: Tree, values: Values, change: Row, damping: float) -> dict[Path, Row]:
    """What every node's output is updated to, when the root's is to change by `change`.

    Alternating backpropagation, first phase (X-Net, arXiv:2401.01772): node outputs are the
    variables, and the gradient at each row is taken at that row's own target. An input's update is
    that of the node above times its slope d, in units of 1 / (d^2 + damping): a plain gradient
    step where the damping is large, an inversion of the symbol where it is small (Levenberg 1944,
    Marquardt 1963).
    """
    updated: dict[Path, Row] = {}

    def visit(node: Tree, path: Path, moved: Row) -> None:
        updated[path] = values[path] + moved
        if not node.inputs:
            return
        inputs = [values[(*path, k)] for k in range(len(node.inputs))]
        for place, slope in enumerate(slopes(node, inputs)):
            if node.inputs[place].type == "B":
                continue
            visit(node.inputs[place], (*path, place), moved * slope / (slope * slope + damping))

    with np.errstate(all="ignore"):
        visit(tree, (), change)
    return updated


def gradient(tree: Tree, values: Values, pull: Row) -> dict[Path, float]:
    """The derivative of a loss by every constant, from its derivative by the root at each row."""
    found: dict[Path, float] = {}

    def visit(node: Tree, path: Path, pulled: Any) -> None:
        if node.operation == "constant":
            found[path] = float(np.sum(pulled))
        if not node.inputs:
            return
        inputs = [values[(*path, k)] for k in range(len(node.inputs))]
        for place, slope in enumerate(slopes(node, inputs)):
            if node.inputs[place].type != "B":
                visit(node.inputs[place], (*path, place), pulled * slope)

    with np.errstate(all="ignore"):
        visit(tree, (), pull)
    return found
