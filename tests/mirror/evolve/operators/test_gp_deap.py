"""Sizes of trees agree with DEAP's where its operators mean the same.

Not compared: crossover (DEAP draws both points from one kind of node, and never a donor's root),
subtree (DEAP may strike the root), insert (ours is PANGAEA's). Compared at fixed seeds.
"""

from collections import Counter

import numpy as np
import pytest
from deap import gp
from scipy import stats

from evolve.operators.gp.grow import LEAF_CHANCE, grow
from evolve.operators.gp.variation import point, shrink
from evolve.trees.tree import Tree
from tests.mirror.evolve.operators.deap_trees import (
    PRIMITIVES,
    SET,
    means_agree,
    ours,
    seeded,
    theirs,
)

COUNT = 3000


def sizes(trees: list[Tree]) -> list[int]:
    return [tree.size for tree in trees]


def same_distribution(first: list[int], second: list[int]) -> bool:
    """Chi-squared over sizes, the rare ones together."""
    a, b = Counter(first), Counter(second)
    common = [size for size in {*a, *b} if a[size] + b[size] >= 20]
    table = np.array([[counts[size] for size in common] for counts in (a, b)])
    rest = np.array([[len(first)], [len(second)]]) - table.sum(axis=1, keepdims=True)
    table = np.hstack([table, rest]) if rest.sum() >= 20 else table
    return bool(stats.chi2_contingency(table).pvalue > 1e-4)


@pytest.fixture(scope="module")
def shapes() -> list[Tree]:
    rng = np.random.default_rng(5)
    return [grow("T", 5, rng, LEAF_CHANCE, PRIMITIVES) for _ in range(COUNT)]


def test_trees_go_there_and_back(shapes: list[Tree]) -> None:
    assert [ours(theirs(tree)) for tree in shapes[:200]] == shapes[:200]


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_full_trees_have_the_sizes_of_deaps(depth: int) -> None:
    rng = np.random.default_rng(depth)
    seeded(depth)
    mine = [grow("T", depth, rng, 0.0, PRIMITIVES).size for _ in range(COUNT)]
    deaps = [len(gp.genFull(SET, depth, depth)) for _ in range(COUNT)]
    assert same_distribution(mine, deaps)
    assert means_agree(mine, deaps)


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_grown_trees_have_the_sizes_of_deaps_at_the_same_chance_of_a_leaf(depth: int) -> None:
    chance = SET.terminalRatio  # DEAP's is the share of leaves among all that it has
    rng = np.random.default_rng(depth)
    seeded(depth)
    limits = rng.integers(0, depth + 1, COUNT)  # DEAP draws the limit of every tree as well
    mine = [grow("T", int(limit), rng, chance, PRIMITIVES).size for limit in limits]
    deaps = [len(gp.genGrow(SET, 0, depth)) for _ in range(COUNT)]
    assert same_distribution(mine, deaps)
    assert means_agree(mine, deaps)


def test_shrunken_trees_have_the_sizes_of_deaps(shapes: list[Tree]) -> None:
    rng = np.random.default_rng(1)
    seeded(1)
    large = [tree for tree in shapes if tree.depth > 1]  # DEAP leaves a tree of one level alone
    mine = [found.size for tree in large if (found := shrink(tree, rng))]
    deaps = [len(gp.mutShrink(theirs(tree))[0]) for tree in large]
    assert len(mine) == len(deaps)
    assert same_distribution(mine, deaps)
    assert means_agree(mine, deaps)


def test_a_point_mutation_keeps_size_and_shape_as_deaps_does(shapes: list[Tree]) -> None:
    rng = np.random.default_rng(1)
    seeded(1)
    for tree in shapes[:500]:
        mine = point(tree, rng)
        (deaps,) = gp.mutNodeReplacement(theirs(tree), SET)
        assert len(deaps) == tree.size
        assert mine is None or mine.size == tree.size
        assert [n.arity for n in deaps] == [len(each.inputs) for _, each in tree.walk()]
