"""Scales and shifts of a tree's nodes, by L-BFGS from several starts, as round as they can be."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from evolve.operators.xnet.flow import Examples, forward, gradient, line, output
from evolve.trees.tree import Path, Tree, apply, constant

STARTS = 4
OPTIONS = {"maxiter": 80, "ftol": 1e-15, "gtol": 1e-10}
_DEARER, _RESIDUE = 1.01, 1e-13  # what rounding may make of an error: so many times it, and this
_LINEAR = {"add", "sub"}
_JOINED = {"add": operator.add, "mul": operator.mul}


def tuned(tree: Tree, examples: Examples, rng: np.random.Generator) -> Tree:
    """The tree with scale c and shift b at its nodes, those that are 1 and 0 left out again.

    The root's are not among them: they are found by least squares wherever the tree is measured.
    Each is written with as few decimals as R^2 allows.
    """
    loose = loosened(tree)
    paths = [path for path, each in loose.walk() if each.operation == "constant"]
    if not paths:
        return tree
    start = np.array([_at(loose, path).attributes[0] for path in paths])
    best, least = tree, _r2(tree, examples)
    for turn in range(STARTS):
        begun = start + (rng.normal(0.0, 1.0, len(start)) if turn else 0.0)
        found = _descended(loose, paths, begun, examples)
        filled = _filled(loose, paths, found)
        r2 = _r2(filled, examples)
        if r2 > least:
            best, least = rounded(filled, examples), r2
    return best


def loosened(tree: Tree) -> Tree:
    """The tree with c v + b below every bend, c v below every sum; constants stay as they are."""
    if not tree.inputs:
        return tree
    inputs = []
    for each in tree.inputs:
        inner = loosened(each)
        if each.type != "T":
            inputs.append(inner)
            continue
        scaled = inner if _is_scaled(inner) else apply("mul", constant(1.0), inner)
        shifts = tree.operation not in _LINEAR and inner.operation not in _LINEAR
        inputs.append(apply("add", constant(0.0), scaled) if shifts else scaled)
    return replace(tree, inputs=tuple(inputs))


def rounded(tree: Tree, examples: Examples) -> Tree:
    """The tree with each constant of as few digits as its R^2 allows, idle ones left out."""
    wanted = 1.0 - _DEARER * (1.0 - _r2(tree, examples)) - _RESIDUE
    for path, node in tree.walk():
        if node.operation != "constant":
            continue
        for digits in (0, 1, 2, 3, 4, 6, 9):
            short = tree.replaced(path, constant(round(node.attributes[0], digits) + 0.0))
            if _r2(short, examples) >= wanted:
                tree = short
                break
    return tidied(tree)


def tidied(tree: Tree) -> Tree:
    """The tree without factors of 1 and summands of 0, and with numbers that meet joined."""
    inputs = tuple(map(tidied, tree.inputs))
    if tree.operation in _JOINED and inputs[0].type == "K":
        outer, inner = inputs
        if inner.operation == tree.operation and inner.inputs[0].type == "K":
            number = _JOINED[tree.operation](outer.attributes[0], inner.inputs[0].attributes[0])
            return tidied(apply(tree.operation, constant(number), inner.inputs[1]))
    if tree.operation == "mul" and constant(1.0) in inputs:
        return inputs[1] if inputs[0] == constant(1.0) else inputs[0]
    if tree.operation == "add" and constant(0.0) in inputs:
        return inputs[1] if inputs[0] == constant(0.0) else inputs[0]
    return replace(tree, inputs=inputs)


def _descended(
    tree: Tree, paths: list[Path], start: npt.NDArray[np.float64], examples: Examples
) -> npt.NDArray[np.float64]:
    from scipy.optimize import minimize

    def loss(numbers: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        filled = _filled(tree, paths, numbers)
        values = forward(filled, examples.inputs)
        found = line(values[()], examples)
        if not np.isfinite(found.r2):
            return 1e10, np.zeros_like(numbers)
        left = found.scale * values[()] + found.shift - examples.target
        # Where scale and shift are the best, the loss does not move with them.
        pull = 2.0 * found.scale * examples.weights * left / examples.variance
        slopes = gradient(filled, values, pull)
        return 1.0 - found.r2, np.nan_to_num([slopes[path] for path in paths], posinf=0, neginf=0)

    with np.errstate(all="ignore"):
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options=OPTIONS)
    return np.asarray(found.x)


def _r2(tree: Tree, examples: Examples) -> float:
    return line(output(tree, examples.inputs), examples).r2


def _is_scaled(tree: Tree) -> bool:
    return tree.operation == "mul" and any(each.type == "K" for each in tree.inputs)


def _filled(tree: Tree, paths: list[Path], numbers: Any) -> Tree:
    for path, number in zip(paths, numbers, strict=True):
        tree = tree.replaced(path, constant(float(number)))
    return tree


def _at(tree: Tree, path: Path) -> Tree:
    for place in path:
        tree = tree.inputs[place]
    return tree
