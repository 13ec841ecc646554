"""Polish: all numbers of one program are tuned together, without gradients.

A (1+1) evolution strategy with Rechenberg's success rule (1973): the fittest is moved by a normal
step, which grows when steps succeed more often than once in five, else shrinks. The operator keeps
nothing: what the step has become is told by the parent's siblings, the programs that the run has
scored and that differ from it in their numbers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.errors import NoProposal
from evolve.records import Individual, Proposal, Selection
from evolve.trees.judging import promising
from evolve.trees.reading import readable
from evolve.trees.tree import Tree
from sandbox.operations import OPERATIONS
from sandbox.source import canonical_source

Row: TypeAlias = npt.NDArray[np.float64]

DRAWS = 16
RELATIVE, ABSOLUTE = 0.1, 0.02  # the first step from a number k: 0.1 |k| + 0.02
GROWTH = 1.5  # of the step by a success; a failure takes a quarter of that back, so 1 in 5 is even
SMALLEST, LARGEST = 0.05, 20.0  # of the step, in first steps


@dataclass(frozen=True)
class Mould:
    """A tree without its numbers.

    Attributes:
        skeleton: what a tree and its siblings have in common.
        numbers: constants and initial values, in the order in which the skeleton names them.
    """

    skeleton: str
    numbers: tuple[float, ...]


class Polish:
    """Draws new numbers for the first parent that has any; its structure stays."""

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """The parent with other numbers.

        Raises:
            NoProposal: no parent holds a number, or no draw would be admitted.
        """
        found = [(each, mould(each.tree)) for one in selection.parents for each in readable(one)]
        parent, own = next((pair for pair in found if pair[1].numbers), (None, None))
        if parent is None or own is None:
            raise NoProposal(f"none of {len(selection.parents)} parents holds a number to polish")
        siblings = _siblings(own, selection.scored)
        centre, step = _strategy(own, siblings)
        for _ in range(DRAWS):
            numbers = [float(f"{each:.4g}") for each in rng.normal(centre, step)]
            graph = promising(cast(parent.tree, numbers))
            if graph is not None and graph.digest() != parent.digest:
                note = f"{len(numbers)} numbers, {len(siblings)} siblings"
                return Proposal(canonical_source(graph), (parent.id,), note=note)
        raise NoProposal(f"{DRAWS} draws of {len(own.numbers)} numbers would not be admitted")


@lru_cache(maxsize=4096)  # all of `scored` is looked at in every proposal
def mould(tree: Tree) -> Mould:
    """What is left of a tree without its numbers, whatever the order of commutative inputs."""
    if tree.operation in {"constant", "parameter"}:
        return Mould(tree.operation, tree.attributes)
    if not tree.inputs:
        return Mould(tree.operation, ())
    inputs = [mould(each) for each in _aligned(tree)]
    skeleton = f"{tree.operation}{tree.attributes}({','.join(each.skeleton for each in inputs)})"
    return Mould(skeleton, tuple(number for each in inputs for number in each.numbers))


def cast(tree: Tree, numbers: Sequence[float]) -> Tree:
    """The tree with other numbers, in the order of its mould's.

    A parameter that stands in several places starts from the last of its numbers.
    """
    remaining = list(numbers)
    initial: dict[str, Tree] = {}

    def filled(part: Tree) -> Tree:
        if part.operation == "constant":
            return replace(part, attributes=(remaining.pop(0),))
        if part.operation == "parameter":
            initial[part.name] = replace(part, attributes=(remaining.pop(0),))
            return part
        return replace(part, inputs=tuple(filled(each) for each in _aligned(part)))

    return filled(tree).substituted(initial)


def _aligned(tree: Tree) -> tuple[Tree, ...]:
    """The inputs, those of a commutative operation in the order of their skeletons."""
    if tree.operation in OPERATIONS and OPERATIONS[tree.operation].commutes:
        return tuple(sorted(tree.inputs, key=lambda each: mould(each).skeleton))
    return tree.inputs


def _siblings(own: Mould, scored: Sequence[Individual]) -> list[tuple[float, Mould]]:
    """Fitness and numbers of everything with this skeleton, in the order in which it was scored."""
    found = []
    for individual in scored:
        for parent in readable(individual):
            other = mould(parent.tree)
            if other.skeleton == own.skeleton:
                found.append((individual.evaluation.fitness, other))
    return found


def _strategy(own: Mould, siblings: Sequence[tuple[float, Mould]]) -> tuple[Row, Row]:
    """The fittest numbers so far, and the standard deviation of a step from each of them."""
    best, fittest, growth = own, -np.inf, 1.0
    for turn, (fitness, sibling) in enumerate(siblings):
        success = fitness > fittest
        if success:
            best, fittest = sibling, fitness
        if turn:  # the first was no step of this strategy
            growth *= GROWTH if success else GROWTH**-0.25
    centre = np.array(best.numbers)
    first = RELATIVE * np.abs(centre) + ABSOLUTE
    return centre, first * min(max(growth, SMALLEST), LARGEST)
