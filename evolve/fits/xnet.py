"""X-Net on a table: a tree for each output, by least squares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

import numpy as np

from evolve.errors import ConfigError
from evolve.fits.extract import Extract
from evolve.fits.fitted import Fitted, measured
from evolve.operators.xnet.flow import Examples
from evolve.operators.xnet.search import Search
from evolve.operators.xnet.symbols import STANDARD
from evolve.operators.xnet.written import answers, expression, numbers, whole

KNOWN = (*STANDARD, "neg", "square", "tanh", "abs", "log1p", "sigmoid")


def check_symbols(names: Sequence[str]) -> None:
    """Makes sure that a node may take these symbols.

    Raises:
        ConfigError: there is none of a name, or one is named twice.
    """
    for name in names:
        if name not in KNOWN or list(names).count(name) > 1:
            raise ConfigError(f"--symbols {name!r}: wanted some of {','.join(KNOWN)}, each once")


def fit(extract: Extract, symbols: Sequence[str], seconds: float, nodes: int, seed: int) -> Fitted:
    """Fits a tree to each output; classes are told apart by the largest of their trees' answers.

    Args:
        extract: the table.
        symbols: that a node may take.
        seconds: in all; an exact formula ends it earlier.
        nodes: most of a tree, constants included.
        seed: of all chance.
    """
    # Two classes need one tree: the other's is 1 less that.
    single = extract.classes and len(extract.labels) == 2
    columns = [1] if single else range(len(extract.labels))
    trees = []
    for turn, column in enumerate(columns):
        examples = Examples.of(extract.inputs, extract.targets[:, column])
        search = Search(examples, symbols, np.random.default_rng((seed, turn)), nodes)
        found = search.run(_after(seconds / len(columns)))
        trees.append(whole(found, examples))

    def said(inputs: np.ndarray) -> np.ndarray:
        found = np.column_stack([answers(tree, inputs.T) for tree in trees])
        return np.column_stack([1.0 - found, found]) if single else found

    formulas = [expression(tree, extract.names) for tree in trees]
    labels = [extract.labels[column] for column in columns]
    sizes = [_complexity(each) for each in formulas]
    return Fitted(
        "xnet",
        {label: str(each) for label, each in zip(labels, formulas, strict=True)},
        "accuracy" if extract.classes else "R^2",
        measured(said(extract.inputs), extract.targets, classes=extract.classes),
        measured(said(extract.held_inputs), extract.held_targets, classes=extract.classes),
        sum(map(numbers, trees)),
        float(np.mean(sizes)),
        {"decides": f"above 0.5 is {labels[0]!r}"} if single else {},
    )


def _after(seconds: float) -> Callable[[int], bool]:
    """Whether so much time has passed from now on."""
    end = monotonic() + seconds
    return lambda _: monotonic() > end


def _complexity(formula: object) -> int:
    import sympy as sp  # type: ignore[import-untyped]

    return sum(1 for _ in sp.preorder_traversal(formula))
