"""What each variation does to a tree, and what it leaves alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolve.operators.gp import variation
from evolve.operators.gp.grow import grow
from evolve.trees import naming
from evolve.trees.translation import graph_of
from evolve.trees.tree import Tree, X, apply, constant, parameter
from sandbox.refusal import Refused

SWISH = apply("mul", X, apply("sigmoid", apply("mul", parameter("beta", 1.0), X)))
SOFTSIGN = apply("div", X, apply("add", apply("abs", X), constant(1.0)))
STEPS = apply("where", apply("gt", X, constant(0.5)), apply("tanh", X), apply("sin", X))
TREES = (SWISH, SOFTSIGN, STEPS, apply("gelu", X), X)

trees = st.sampled_from(TREES) | st.builds(
    lambda seed: grow("T", 5, np.random.default_rng(seed)), st.integers(0, 2**32)
)


def is_program(tree: Tree) -> bool:
    """Whether it can be said as a program: a few that grow compare two constants, as x - x is."""
    try:
        graph_of(tree)
    except Refused:
        return False
    return True


programs = trees.filter(is_program)
rngs = st.integers(0, 2**32).map(np.random.default_rng)


def shape(tree: Tree) -> list[tuple[tuple[int, ...], str]]:
    return [(path, each.type) for path, each in tree.walk()]


def constants(tree: Tree) -> list[float]:
    return [each.attributes[0] for _, each in tree.walk() if each.operation == "constant"]


@settings(deadline=None)
@given(trees, trees, rngs)
def test_crossover_puts_a_part_of_the_donor_where_one_of_its_type_was(
    receiver: Tree, donor: Tree, rng: np.random.Generator
) -> None:
    child = variation.crossover(receiver, donor, rng)
    if child is None or not receiver.inputs:
        return
    assert child.operation == receiver.operation
    assert [each.type for each in child.inputs] == [each.type for each in receiver.inputs]
    grown = child.size - receiver.size
    assert 1 - receiver.size <= grown <= donor.size - 1


def test_crossover_prefers_inner_nodes_nine_times_out_of_ten() -> None:
    donor = apply("tanh", apply("cos", constant(2.0)))  # no x: an x can only be the receiver's
    rng = np.random.default_rng(0)
    children = [variation.crossover(SWISH, donor, rng) for _ in range(2000)]
    whole = sum(child is not None and child.inputs[1].operation != "sigmoid" for child in children)
    # Of the two inner nodes below the root, the sigmoid is one.
    assert whole / 2000 == pytest.approx(0.45, abs=0.05)


def test_crossover_keeps_the_parameters_of_both_parents_apart() -> None:
    donor = apply("tanh", apply("mul", parameter("beta", 3.0), X))
    rng = np.random.default_rng(1)
    for _ in range(200):
        child = variation.crossover(SWISH, donor, rng)
        assert child is not None
        if len(child.parameters) == 2:
            assert child.parameters == {"beta": 1.0, "alpha": 3.0}


@settings(deadline=None)
@given(trees, rngs)
def test_a_subtree_is_replaced_by_one_of_at_most_three_levels(
    tree: Tree, rng: np.random.Generator
) -> None:
    child = variation.subtree(tree, rng)
    assert child.depth <= tree.depth + variation.DEEPEST_SUBTREE
    assert not tree.inputs or child.operation == tree.operation


@settings(deadline=None)
@given(trees, rngs)
def test_point_changes_one_node_and_no_shape(tree: Tree, rng: np.random.Generator) -> None:
    child = variation.point(tree, rng)
    if child is None:
        assert tree == X
        return
    assert shape(child) == shape(tree)
    pairs = zip(tree.walk(), child.walk(), strict=True)
    changed = [
        (old.operation, old.attributes) != (new.operation, new.attributes)
        for (_, old), (_, new) in pairs
    ]
    assert sum(changed) <= 1


@settings(deadline=None)
@given(trees, rngs)
def test_hoist_and_shrink_only_make_smaller_trees_of_old_parts(
    tree: Tree, rng: np.random.Generator
) -> None:
    parts = {each.operation for _, each in tree.walk()}
    for vary in (variation.hoist, variation.shrink):
        child = vary(tree, rng)
        if child is not None:
            assert child.size < tree.size
            assert {each.operation for _, each in child.walk()} <= parts


@settings(deadline=None)
@given(programs, rngs)
def test_insert_gives_a_child_that_starts_as_its_parent(
    tree: Tree, rng: np.random.Generator
) -> None:
    child = variation.insert(tree, rng)
    (name,) = set(child.parameters) - set(tree.parameters)
    untrained = child.substituted({name: constant(child.parameters[name])})
    assert child.size > tree.size
    assert graph_of(untrained) == graph_of(tree)


@settings(deadline=None)
@given(trees, rngs)
def test_jitter_moves_one_constant_or_initial_value(tree: Tree, rng: np.random.Generator) -> None:
    child = variation.jitter(tree, rng)
    if child is None:
        assert not constants(tree)
        assert not tree.parameters
        return
    assert shape(child) == shape(tree)
    moved = sum(a != b for a, b in zip(constants(tree), constants(child), strict=True))
    moved += sum(tree.parameters[name] != child.parameters[name] for name in tree.parameters)
    assert moved <= 1


def test_jitter_scatters_as_declared() -> None:
    rng = np.random.default_rng(2)
    tree = apply("mul", constant(2.0), apply("tanh", X))
    values = [constants(child)[0] for _ in range(4000) if (child := variation.jitter(tree, rng))]
    assert np.mean(values) == pytest.approx(2.0, abs=0.05)
    assert np.std(values) == pytest.approx(np.hypot(0.6, 0.05), rel=0.06)


def test_the_exponent_of_a_power_is_never_moved() -> None:
    cube = Tree("pow", (X,), (3.0,))
    rng = np.random.default_rng(3)
    assert variation.jitter(cube, rng) is None
    assert all(
        variation.reparametrise(cube, rng) != apply("pow", X, parameter("alpha", 3.0))
        for _ in range(50)
    )


def test_a_parameter_is_added_removed_and_moved() -> None:
    rng = np.random.default_rng(4)
    children = [variation.reparametrise(SWISH, rng) for _ in range(200)]
    counts = {len(child.parameters) for child in children if child}
    assert counts == {0, 1, 2}
    moved = [child for child in children if child and len(child.parameters) == 1]
    assert all(child != SWISH and list(child.parameters.values()) == [1.0] for child in moved)


def test_masks_give_way_to_masks() -> None:
    rng = np.random.default_rng(5)
    other = apply("where", apply("lt", apply("sin", X), constant(0.1)), X, apply("erf", X))
    for _ in range(300):
        child = variation.crossover(STEPS, other, rng)
        assert child is not None
        assert child.inputs[0].type == "B"
        graph_of(child)


def test_the_input_alone_can_be_varied() -> None:
    rng = np.random.default_rng(6)
    assert variation.crossover(X, SWISH, rng) is not None
    assert variation.subtree(X, rng).type == "T"
    assert variation.insert(X, rng).size == 6
    for vary in (variation.point, variation.hoist, variation.shrink, variation.jitter):
        assert vary(X, rng) is None


def test_fresh_names_never_run_out() -> None:
    taken: list[str] = []
    for _ in range(100):
        taken.append(naming.fresh(taken))
    assert len(set(taken)) == 100
    assert all(name.isidentifier() for name in taken)
