"""PANGAEA's space, its mutations, and what becomes of any parent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolve.operators.pangaea import Pangaea
from evolve.operators.pangaea.mutation import MUTATIONS, change, insert, regenerate, remove
from evolve.protocols import Operator
from evolve.records import Selection
from evolve.spaces.labels import label
from evolve.spaces.pangaea import (
    BINARY,
    SPACE,
    UNARY,
    draw,
    member,
    operator,
    parametrised,
    spelled,
    spelling,
    written_out,
)
from evolve.testing import OperatorContract, individual
from evolve.trees.translation import graph_of
from evolve.trees.tree import Tree, X, constant
from sandbox.arrays import KERNELS, outputs

rngs = st.integers(0, 2**32).map(np.random.default_rng)
members = rngs.map(draw)


class TestPangaea(OperatorContract):
    def make(self) -> Operator:
        return Pangaea()


def shape(tree: Tree) -> tuple[object, ...]:
    return tuple(shape(each) for each in tree.inputs)


def values(tree: Tree, x: np.ndarray) -> np.ndarray:
    """A tree at x, without a graph in between: poles and overflows come out as they are."""
    if tree.operation == "x":
        return x
    if tree.operation == "constant":
        return np.full_like(x, tree.attributes[0])
    parts = [values(each, x) for each in tree.inputs]
    with np.errstate(all="ignore"):
        found = KERNELS[tree.operation](*parts, *tree.attributes)
    return np.broadcast_to(found, x.shape).astype(float)


def six_digits(found: np.ndarray) -> bytes:
    """Values to six significant digits, those below 1e-9 as 0."""
    with np.errstate(all="ignore"):
        scale = 10.0 ** (np.floor(np.log10(np.abs(found))) - 5)
        key = np.where(np.isfinite(found), np.rint(found / scale) * scale, found)
    key = np.where(np.abs(found) < 1e-9, 0.0, np.nan_to_num(key, nan=1e300)) + 0.0
    return key.tobytes()


def test_the_space_has_the_papers_27_unary_and_7_binary_operators() -> None:
    assert (len(set(UNARY)), len(set(BINARY))) == (27, 7)


def test_binary_of_two_unary_names_5103_programs_and_about_2790_functions() -> None:
    x = np.clip(np.random.RandomState(0).normal(size=1000), -5, 5)
    names = [(b, u, v) for b in BINARY for u in UNARY for v in UNARY]
    seen: dict[bytes, bool] = {}
    for b, u, v in names:
        found = values(written_out(operator(b, operator(u, X), operator(v, X))), x)
        seen[six_digits(found)] = bool(np.isfinite(found).all())
    assert len(names) == 5103
    assert len(seen) == pytest.approx(2791, abs=10)  # as over the published benchmark, to rounding
    assert sum(not finite for finite in seen.values()) == 377


def test_keras_hard_sigmoid_is_clip_of_a_fifth_x_and_a_half() -> None:
    x = np.array([-3.0, -2.5, 0.0, 1.0, 2.5, 4.0])
    found = outputs(graph_of(written_out(operator("hard_sigmoid", X))), x)[0]
    assert found == pytest.approx(np.clip(0.2 * x + 0.5, 0, 1))


@settings(max_examples=200, deadline=None)
@given(members)
def test_a_spelling_means_the_tree_that_it_was_made_from(tree: Tree) -> None:
    assert spelled(spelling(tree)) == tree


def test_what_spells_nothing_is_no_tree() -> None:
    for text in ("", "x +", "sing(x)", "add", "__import__('os')", "f'{x}'", "add(x, [1])"):
        assert spelled(text) is None, text


@settings(max_examples=200, deadline=None)
@given(members, rngs)
def test_insert_adds_one_operator_and_a_binary_one_changes_nothing(
    tree: Tree, rng: np.random.Generator
) -> None:
    child = insert(tree, rng)
    assert child.size > tree.size
    x = np.linspace(-2.0, 2.0, 41)
    if child.size - tree.size != 1:  # x was there already: the operator, and its neutral partner
        np.testing.assert_allclose(
            values(written_out(child), x), values(written_out(tree), x), rtol=1e-12
        )


@settings(max_examples=200, deadline=None)
@given(members, rngs)
def test_remove_shrinks_change_and_regenerate_keep_the_shape(
    tree: Tree, rng: np.random.Generator
) -> None:
    shorter = remove(tree, rng)
    assert shorter is not None
    assert shorter.size < tree.size
    changed = change(tree, rng)
    assert changed is not None
    assert shape(changed) == shape(regenerate(tree, rng)) == shape(tree)
    differs = [a.operation != b.operation for (_, a), (_, b) in zip(
        tree.walk(), changed.walk(), strict=True)]  # fmt: skip
    assert sum(differs) == 1


@settings(max_examples=100, deadline=None)
@given(members, rngs)
def test_none_to_three_scalars_scale_edges_from_1_and_change_no_value(
    tree: Tree, rng: np.random.Generator
) -> None:
    scaled = parametrised(tree, rng)
    assert len(scaled.parameters) <= 3
    assert set(scaled.parameters.values()) <= {1.0}
    plain = scaled.substituted(dict.fromkeys(scaled.parameters, constant(1.0)))
    x = np.linspace(-2.0, 2.0, 41)
    np.testing.assert_allclose(values(written_out(plain), x), values(written_out(tree), x))


def test_the_number_of_scalars_is_uniform() -> None:
    rng = np.random.default_rng(0)
    tree = operator("add", operator("tanh", X), operator("erf", X))
    counts = [len(parametrised(tree, rng).parameters) for _ in range(2000)]
    assert all(420 < counts.count(k) < 580 for k in range(4))


def test_a_member_is_read_back_with_the_structure_that_its_graph_lost() -> None:
    parent = individual("p", "import torch\ndef activation(x): return torch.tanh(x)\n")
    for seed in range(200):
        proposal = Pangaea().propose(Selection(0, 0, (parent,)), np.random.default_rng(seed))
        child = individual("c", proposal.source)
        read = member(child)
        assert read is not None
        assert spelling(read) == label(child, SPACE)


def test_a_docstring_that_tells_of_another_function_is_not_believed() -> None:
    liar = individual(
        "l",
        'import torch\ndef activation(x):\n    """pangaea: erf(x)"""\n    return torch.tanh(x)\n',
    )
    assert member(liar) == operator("tanh", X)


def test_without_parents_the_two_beginnings_are_drawn_as_often() -> None:
    rng = np.random.default_rng(0)
    depths = [len(draw(rng).inputs) for _ in range(1000)]
    assert 430 < depths.count(1) < 570
    proposal = Pangaea().propose(Selection(0, 0), rng)
    assert (proposal.parents, proposal.note) == ((), "a blind draw")


def test_all_four_mutations_are_used_on_a_stranger() -> None:
    stranger = individual(
        "s", "import torch\ndef activation(x): return torch.where(x > 0, x, torch.sin(2.0 * x))\n"
    )
    rng = np.random.default_rng(0)
    noted = {Pangaea().propose(Selection(0, 0, (stranger,)), rng).note for _ in range(80)}
    assert noted == set(MUTATIONS)
