"""A formula of many inputs, each taken for x: how arXiv:2601.10740 finds activations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from evolve.operators.xnet.flow import Examples
from evolve.operators.xnet.search import Search
from evolve.operators.xnet.written import expression
from evolve.trees.translation import graph_of
from evolve.trees.tree import Tree, X
from fitness.baselines import LINEAR, TIER_1
from sandbox import canonical_source
from sandbox.refusal import Refused

SYMBOLS = ("add", "sub", "mul", "sin", "cos", "abs")
MOST_ROWS = 1000

Rows = npt.NDArray[np.float64]


def collapsed(inputs: Rows, targets: Rows, seed: int, epochs: int) -> tuple[str, str]:
    """The formula of x that X-Net's formula of all inputs becomes: to be read, and as a program.

    Args:
        inputs: [rows, inputs], of which a thousand are drawn.
        targets: [rows].
        seed: of all chance.
        epochs: of the search.
    """
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(inputs))[:MOST_ROWS]
    search = Search(Examples.of(inputs[rows], targets[rows]), SYMBOLS, rng)
    tree = _of_x(search.run(lambda done: done >= epochs).tree)
    try:
        source = canonical_source(graph_of(tree))
    except Refused:  # as the paper's code does
        return "x", TIER_1[LINEAR]
    return str(expression(tree, ["x"])), source


def _of_x(tree: Tree) -> Tree:
    if tree.operation == "x":
        return X
    return replace(tree, inputs=tuple(map(_of_x, tree.inputs)))
