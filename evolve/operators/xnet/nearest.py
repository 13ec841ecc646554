"""Second phase of alternating backpropagation: each node takes what is nearest to its update."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evolve.operators.xnet.flow import Examples, Values
from evolve.operators.xnet.symbols import ONE, Row, value, variable
from evolve.trees.tree import Path, Tree, apply
from sandbox.operations import OPERATIONS

MOST_VARIABLES = 6
"""That a step considers as new leaves; of more inputs it takes as many, drawn anew."""


@dataclass(frozen=True)
class Choice:
    """One way to compute a node: an operation over parts, or a part as it is.

    Attributes:
        operation: none for the part itself: a leaf grows there, or an input is all that is kept.
        parts: leaves, or numbers of the node's inputs.
    """

    operation: str
    parts: tuple[Tree | int, ...]

    def tree(self, inputs: Sequence[Tree]) -> Tree:
        """The choice over these inputs; whatever is chosen, a whole tree comes out."""
        parts = [inputs[each] if isinstance(each, int) else each for each in self.parts]
        return apply(self.operation, *parts) if self.operation else parts[0]


class Library:
    """Symbols over leaves, computed once; and over a node's inputs, as they are now."""

    def __init__(
        self, symbols: Sequence[str], examples: Examples, rng: np.random.Generator
    ) -> None:
        self._symbols = symbols
        self._weights = examples.weights
        features = len(examples.inputs)
        count = min(features, MOST_VARIABLES)
        drawn = sorted(int(each) for each in rng.choice(features, count, replace=False))
        self.leaves: list[tuple[Tree, Any]] = [(variable(k), examples.inputs[k]) for k in drawn]
        rows = len(examples.target)
        self._every: list[tuple[Tree, Any]] = [*self.leaves, (ONE, np.ones(rows))]
        self._fixed = list(self._over(self._every, ()))
        self._table = _table([found for _, found in self._fixed], rows)

    def nearest(
        self, node: Tree, path: Path, values: Values, update: Row, most: int
    ) -> list[Choice]:
        """The `most` choices with the least squared distance to a node's updated output."""
        rows = len(self._weights)
        inputs: list[tuple[Tree | int, Any]] = [
            (k, np.broadcast_to(values[(*path, k)], (rows,)))
            for k, each in enumerate(node.inputs)
            if each.type != "B" and each.operation not in {"x", "constant"}
        ]
        moving = list(self._over(self._every, inputs)) if inputs else []
        choices = [choice for choice, _ in (*self._fixed, *moving)]
        table = self._table
        if moving:
            table = np.concatenate([table, _table([found for _, found in moving], rows)])
        with np.errstate(all="ignore"):
            distances = np.square(table - update) @ self._weights
        distances[~np.isfinite(distances)] = np.inf
        order = np.argsort(distances, kind="stable")[:most]
        return [choices[k] for k in order if np.isfinite(distances[k])]

    def _over(
        self,
        leaves: Sequence[tuple[Tree, Any]],
        inputs: Sequence[tuple[Tree | int, Any]],
    ) -> Iterator[tuple[Choice, Any]]:
        """Every symbol over inputs, and over an input and a leaf; without inputs, over leaves."""
        first: Sequence[tuple[Tree | int, Any]] = inputs or leaves
        with np.errstate(all="ignore"):
            for part, found in first:
                yield Choice("", (part,)), found
            for name in self._symbols:
                operation = OPERATIONS[name]
                if operation.takes == "f":
                    for part, found in first:
                        yield Choice(name, (part,)), value(apply(name, ONE), [found])
                    continue
                for pair in _pairs(first, leaves if inputs else (), commutes=operation.commutes):
                    (a, left), (b, right) = pair
                    yield Choice(name, (a, b)), value(apply(name, ONE, ONE), [left, right])


def _pairs(
    first: Sequence[tuple[Tree | int, Any]], others: Sequence[tuple[Tree, Any]], *, commutes: bool
) -> Iterator[tuple[tuple[Tree | int, Any], tuple[Tree | int, Any]]]:
    for i, one in enumerate(first):
        for j, two in enumerate(first):
            if not commutes or i <= j:
                yield one, two
        for other in others:
            yield one, other
            if not commutes:
                yield other, one


def _table(found: Sequence[Any], rows: int) -> npt.NDArray[np.float64]:
    return np.stack([np.broadcast_to(each, (rows,)) for each in found])
