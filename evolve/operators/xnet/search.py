"""X-Net: one tree whose symbols are learned by alternating backpropagation (arXiv:2401.01772).

A step computes what every node's output is updated to (flow.py), lets each node take the symbol
that is nearest to it (nearest.py), and goes on from the best of the trees that arise: one for each
node that changes alone, and one in which all change at once. Leaves grow into symbols, inner nodes
shrink to a leaf or to an input of theirs. Where no tree is better, a random node is disturbed at
every second step. Epochs begin from the best tree of some size, or from a leaf.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from evolve.operators.xnet.constants import tuned
from evolve.operators.xnet.flow import NOWHERE, Examples, Line, forward, line, output, wanted
from evolve.operators.xnet.nearest import Choice, Library
from evolve.operators.xnet.symbols import ONE
from evolve.trees.tree import Path, Tree, apply
from sandbox.operations import OPERATIONS

STEPS = 24  # of an epoch
TUNED_EVERY = 8  # epochs between two fits of the constants
MOST_ROWS = 256  # that steer; all rows measure
ENOUGH = 1.0 - 1e-12
_PRICE, _DEARER = 0.02, 0.1  # of a node, and of a tuned number, in powers of ten of the error
_RESTARTS = 0.4  # of the epochs begin from a leaf


@dataclass(frozen=True)
class Fit:
    """A tree, and the line that brings its output nearest to the target."""

    tree: Tree
    line: Line

    @property
    def score(self) -> float:
        """What a search goes by: powers of ten of the error, less the price of the nodes."""
        error = max(1.0 - self.line.r2, 1e-15)
        tuned = sum(e.type == "K" and e.attributes != ONE.attributes for _, e in self.tree.walk())
        return -float(np.log10(error)) - _PRICE * self.tree.size - _DEARER * tuned


@dataclass
class Search:
    """Looks for a tree.

    Attributes:
        examples: what is fitted.
        symbols: operations of the sandbox that a node may take.
        rng: all chance.
        most_nodes: of a tree, constants included.
        start: where the first epoch begins; none is a leaf.
        best: size -> the best tree of that size or below, in which every larger one is better.
    """

    examples: Examples
    symbols: Sequence[str]
    rng: np.random.Generator
    most_nodes: int = 31
    start: Tree | None = None
    best: dict[int, Fit] = field(default_factory=dict, init=False)

    def run(self, over: Callable[[int], bool]) -> Fit:
        """The best tree that is found until `over` says so of the number of epochs done."""
        epoch = 0
        self._remember(self.measured(self.start or self._leaf()))
        while not over(epoch) and self.found.line.r2 < ENOUGH:
            self._epoch(self.found.tree if epoch == 0 else self._begin())
            epoch += 1
            if epoch % TUNED_EVERY == 0:
                self._tune()
        return self.found

    @property
    def found(self) -> Fit:
        """The best tree so far."""
        return max(self.best.values(), key=lambda each: each.score)

    def measured(self, tree: Tree) -> Fit:
        """A tree and its line, on all rows."""
        return Fit(tree, line(output(tree, self.examples.inputs), self.examples))

    def _epoch(self, tree: Tree) -> None:
        rows = len(self.examples.target)
        some = self.examples
        if rows > MOST_ROWS:
            some = self.examples.some(self.rng.choice(rows, MOST_ROWS, replace=False))
        library = Library(self.symbols, some, self.rng)
        current = Fit(tree, line(output(tree, some.inputs), some))
        seen, idle = {tree}, 0
        for _ in range(STEPS):
            fits = []
            for each in self._neighbours(current, library, some):
                if each not in seen:
                    seen.add(each)
                    fits.append(Fit(each, line(output(each, some.inputs), some)))
            best = max(fits, key=lambda each: each.score, default=current)
            if best.score > current.score:
                current, idle = best, 0
                self._remember(self.measured(best.tree) if some is not self.examples else best)
                continue
            idle += 1
            if idle % 2 == 0:
                disturbed = self._disturbed(current.tree, library)
                current = Fit(disturbed, line(output(disturbed, some.inputs), some))

    def _neighbours(self, fit: Fit, library: Library, examples: Examples) -> Iterator[Tree]:
        values = forward(fit.tree, examples.inputs)
        if not np.isfinite(values[()]).all():
            return
        change = self._change(values[()], fit.line, examples)
        damping = 10.0 ** self.rng.uniform(-6.0, 1.0)
        updates = wanted(fit.tree, values, change, damping)
        chosen: dict[Path, Choice] = {}
        for path, node in fit.tree.walk():
            if path not in updates:
                continue
            choices = library.nearest(node, path, values, updates[path], 3)
            if choices:
                chosen[path] = choices[0]
            for choice in choices:
                yield from self._within(fit.tree.replaced(path, choice.tree(node.inputs)))
        yield from self._within(_all_at_once(fit.tree, chosen))

    def _change(self, value: np.ndarray, own: Line, examples: Examples) -> np.ndarray:
        """How the root's output is to change: to the target, or to a line of it that is nearest."""
        if own is NOWHERE or self.rng.random() < 0.5:
            return np.asarray(examples.target - value)
        # In the units of the output, so that a poor tree is not asked for the impossible.
        back = line(examples.target, Examples(examples.inputs, value, examples.weights))
        return np.asarray(back.scale * examples.target + back.shift - value)

    def _within(self, tree: Tree) -> Iterator[Tree]:
        if tree.size <= self.most_nodes:
            yield tree

    def _begin(self) -> Tree:
        if self.rng.random() < _RESTARTS:
            return self.start or self._leaf()
        fits = list(self.best.values())
        return fits[int(self.rng.integers(len(fits)))].tree

    def _leaf(self) -> Tree:
        leaves = Library((), self.examples, self.rng).leaves
        return leaves[int(self.rng.integers(len(leaves)))][0]

    def _disturbed(self, tree: Tree, library: Library) -> Tree:
        """A random node takes a random symbol, over its own inputs as far as there are."""
        places = [(path, each) for path, each in tree.walk() if each.type == "T"]
        if not places:
            return self._leaf()
        path, node = places[int(self.rng.integers(len(places)))]
        name = self.symbols[int(self.rng.integers(len(self.symbols)))]
        wants = len(OPERATIONS[name].takes)
        parts = [each for each in node.inputs if each.type == "T"] or [node]
        leaves = [*(leaf for leaf, _ in library.leaves), ONE]
        while len(parts) < wants:
            parts.append(leaves[int(self.rng.integers(len(leaves)))])
        changed = tree.replaced(path, apply(name, *parts[:wants]))
        return changed if changed.size <= self.most_nodes else self._leaf()

    def _tune(self) -> None:
        """Fits the constants of the tree that stands best, and of one more."""
        fits = sorted(self.best.values(), key=lambda each: -each.score)
        chosen = {0, int(self.rng.integers(len(fits)))}
        for place in chosen:
            tree = tuned(fits[place].tree, self.examples, self.rng)
            if tree.size <= self.most_nodes:
                self._remember(self.measured(tree))

    def _remember(self, fit: Fit) -> None:
        """Keeps a tree if none that is as small is as good, and drops what it beats."""
        if any(s <= fit.tree.size and b.line.r2 >= fit.line.r2 for s, b in self.best.items()):
            return
        beaten = [
            s for s, b in self.best.items() if s >= fit.tree.size and b.line.r2 <= fit.line.r2
        ]
        for size in beaten:
            del self.best[size]
        self.best[fit.tree.size] = fit


def _all_at_once(tree: Tree, chosen: dict[Path, Choice], path: Path = ()) -> Tree:
    inputs = [_all_at_once(each, chosen, (*path, k)) for k, each in enumerate(tree.inputs)]
    if path in chosen:
        return chosen[path].tree(inputs)
    return Tree(tree.operation, tuple(inputs), tree.attributes, tree.name)
