"""Trees, how they are grown, and how they stand for graphs."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolve.operators.gp.grow import grow, ramped
from evolve.operators.gp.primitives import PRIMITIVES
from evolve.trees.translation import bends, graph_of, size_as_tree, tree_of
from evolve.trees.tree import Tree, X, apply, constant, parameter
from sandbox import Graph, canonical_source, parse
from sandbox.refusal import Refused

rngs = st.integers(0, 2**32).map(np.random.default_rng)


@settings(max_examples=300, deadline=None)
@given(rngs)
def test_a_grown_tree_survives_graph_source_and_back(rng: np.random.Generator) -> None:
    try:
        graph = graph_of(ramped(rng))
    except Refused:
        return
    assert graph_of(tree_of(graph)) == graph
    assert tree_of(graph).size <= size_as_tree(graph)
    if bends(graph):
        assert parse(canonical_source(graph)) == graph


@settings(max_examples=200, deadline=None)
@given(rngs, st.integers(1, 6))
def test_grow_stays_within_its_depth_and_full_goes_there(
    rng: np.random.Generator, depth: int
) -> None:
    assert grow("T", depth, rng).depth <= depth
    assert grow("T", depth, rng, leaf_chance=0.0).depth == depth
    assert grow("B", depth, rng).type == "B"


def test_a_mask_needs_a_level_below_it() -> None:
    with pytest.raises(ValueError, match="wanted a depth of 1 or more"):
        grow("B", 0, np.random.default_rng(0))


def test_ramped_trees_differ_in_depth_and_use_every_primitive() -> None:
    rng = np.random.default_rng(1)
    drawn = [ramped(rng) for _ in range(2000)]
    assert {tree.depth for tree in drawn} >= {2, 3, 4, 5}
    assert max(tree.depth for tree in drawn) == 5
    used = {each.operation for tree in drawn for _, each in tree.walk()}
    wanted = {
        each.operation
        for primitive in PRIMITIVES
        for _, each in primitive.build(*[X] * len(primitive.takes)).walk()
    }
    assert used >= wanted


def test_trees_are_values() -> None:
    tree = apply("tanh", X)
    assert tree == apply("tanh", X)
    assert hash(tree) == hash(apply("tanh", X))
    with pytest.raises(dataclasses.FrozenInstanceError):
        tree.operation = "sin"  # type: ignore[misc]
    changed = tree.replaced((0,), apply("sin", X))
    assert (tree.size, changed.size) == (2, 3)


def test_a_shared_part_of_a_graph_stands_twice_in_its_tree() -> None:
    graph = parse("import torch\ndef activation(x):\n    t = torch.tanh(x)\n    return t * t + t\n")
    assert isinstance(graph, Graph)
    assert size_as_tree(graph) == tree_of(graph).size == 6
    assert len(graph.nodes) == 4


@pytest.mark.parametrize(
    ("tree", "curved"),
    [
        (X, False),
        (apply("sub", apply("mul", constant(2.0), X), parameter("alpha", 1.0)), False),
        (apply("div", apply("neg", X), parameter("alpha", 1.0)), False),
        (apply("tanh", parameter("alpha", 1.0)), False),
        (apply("mul", X, apply("abs", constant(0.0))), False),
        (apply("square", X), True),
        (apply("div", constant(1.0), X), True),
        (apply("where", apply("gt", X, constant(0.0)), X, constant(0.5)), True),
    ],
)
def test_straight_lines_are_told_from_curves(tree: Tree, *, curved: bool) -> None:
    assert bends(graph_of(tree)) is curved


@pytest.mark.parametrize(
    "tree",
    [
        apply("log", constant(-1.0)),
        apply("tanh", apply("div", constant(1.0), apply("sin", constant(0.0)))),
        apply("pow", constant(-2.0), X),
        apply("where", apply("gt", constant(1.0), constant(0.0)), X, apply("neg", X)),
        constant(float("inf")),
        constant(1e40),
    ],
)
def test_what_no_program_can_say_is_refused(tree: Tree) -> None:
    with pytest.raises(Refused):
        graph_of(tree)
