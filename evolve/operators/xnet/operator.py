"""X-Net as an operator: the tree that the gradient of trained networks prefers to the parent's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from evolve.errors import NoProposal
from evolve.operators.xnet.flow import Examples, output
from evolve.operators.xnet.search import Fit, Search
from evolve.operators.xnet.symbols import BENDING, Row
from evolve.protocols import Workshop
from evolve.records import Proposal, Selection
from evolve.trees.judging import promising
from evolve.trees.reading import Parent, first_of
from evolve.trees.tree import Tree
from sandbox.source import canonical_source

JOB = "evolve.operators.xnet.locked:ask"
EPOCHS = 6
MOST_NODES = 24
STRIDES = (0.1, 0.3, 1.0)
"""How far outputs are to move, in standard deviations of the parent's: tried in random order."""


class XNet:
    """Trains the parent's network on a task of the search, and grows its tree along the gradient.

    All hidden units share one function f, so the gradient of the loss by its outputs is a function
    of z as well: a mean over the units that look there. The values f(z) less a stride times that
    gradient are what an X-Net fits that begins from the parent's tree; a least squared distance to
    them is the least first-order loss plus the price of moving (a proximal gradient step). Scale
    and shift of the result are left out: the next layer has them.
    """

    def __init__(self, workshop: Workshop) -> None:
        """Takes where networks are trained."""
        self._workshop = workshop

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """A tree near the first parent that can be read, and nearer to what its nets want.

        Raises:
            NoProposal: there is no parent of a readable size, its nets cannot be trained, or no
                tree is a new curve that would be admitted.
        """
        individual, parent = first_of(selection.parents, MOST_NODES)
        order = {"graph": individual.admission.graph}
        wished = self._workshop.work(JOB, order, int(rng.integers(2**31)))
        for stride in rng.permutation(STRIDES):
            for fit in _fits(parent, wished, float(stride), rng):
                graph = promising(fit.tree)
                if graph is not None and graph.digest() != parent.digest:
                    note = f"stride {stride:g}, R^2 {fit.line.r2:.3f}"
                    return Proposal(canonical_source(graph), (parent.id,), note=note)
        raise NoProposal(
            f"{len(STRIDES)} strides from {parent.id} found no new curve that would be admitted"
        )


def examples_of(tree: Tree, points: Row, pulls: Row, stride: float) -> Examples:
    """What an X-Net is to fit: the tree's values, moved against the pulls by so much.

    Raises:
        NoProposal: the tree has no number at some point, or the nets want nothing.
    """
    inputs = points[np.newaxis]
    values = np.broadcast_to(output(tree, inputs), points.shape)
    spread, size = float(np.std(values)), float(np.sqrt(np.mean(pulls**2)))
    if not np.isfinite(spread + size) or spread == 0.0 or size == 0.0:
        raise NoProposal("where its nets look the parent is flat, or they want nothing of it")
    weights = np.full(len(points), 1.0 / len(points))
    return Examples(inputs, values - stride * spread * pulls / size, weights)


def _fits(
    parent: Parent, wished: Mapping[str, Any], stride: float, rng: np.random.Generator
) -> list[Fit]:
    """Trees that were found, the best first; the parent itself is among them."""
    points, pulls = (np.array(wished[name], dtype=np.float64) for name in ("points", "pulls"))
    examples = examples_of(parent.tree, points, pulls, stride)
    search = Search(examples, BENDING, rng, MOST_NODES, start=parent.tree)
    search.run(lambda epoch: epoch >= EPOCHS)
    return sorted(search.best.values(), key=lambda each: -each.score)
