"""Polish: all numbers of one program are tuned together, without gradients.

The programs that a run has scored and that differ from the parent in their numbers alone are its
siblings. Numbers are drawn from a normal distribution fitted to the fitter quarter of them, as in
the cross-entropy method (Rubinstein 1999); while there are few, from around the parent. So the
distribution narrows from proposal to proposal, though the operator itself keeps nothing.
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
ENOUGH = 8  # siblings, the parent among them, for a distribution of their own
FITTER = 0.25  # the share of siblings that it is fitted to, at least three
RELATIVE, ABSOLUTE = 0.1, 0.02  # step around the parent: 0.1 |k| + 0.02
NARROWEST = 0.2  # of that step: the distribution never collapses


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
        siblings = _siblings(own.skeleton, selection.scored)
        centre, step = _distribution(own, siblings)
        for _ in range(DRAWS):
            numbers = [float(f"{each:.4g}") for each in rng.normal(centre, step)]
            graph = promising(cast(parent.tree, numbers))
            if graph is not None and graph.digest() != parent.digest:
                note = f"{len(numbers)} numbers, {len(siblings)} siblings"
                return Proposal(canonical_source(graph), (parent.id,), note=note)
        raise NoProposal(f"{DRAWS} draws of {len(own.numbers)} numbers would not be admitted")


@lru_cache(maxsize=4096)  # all that is scored is looked at in every proposal
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


def _siblings(skeleton: str, scored: Sequence[Individual]) -> list[tuple[float, Mould]]:
    """Fitness and numbers of everything with this skeleton, the fittest first."""
    found = []
    for individual in scored:
        for parent in readable(individual):
            own = mould(parent.tree)
            if own.skeleton == skeleton:
                found.append((individual.evaluation.fitness, own))
    return sorted(found, key=lambda pair: (-pair[0], pair[1].numbers))


def _distribution(own: Mould, siblings: Sequence[tuple[float, Mould]]) -> tuple[Row, Row]:
    """Mean and standard deviation of every number."""
    here = np.array(own.numbers)
    step = RELATIVE * np.abs(here) + ABSOLUTE
    if len(siblings) < ENOUGH:
        return here, step
    fitter = siblings[: max(3, int(FITTER * len(siblings)))]
    numbers = np.array([each.numbers for _, each in fitter])
    return numbers.mean(axis=0), np.maximum(numbers.std(axis=0), NARROWEST * step)
