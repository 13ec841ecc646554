"""Trees whose symbols are learned: the gradient, the nearest symbol, and what comes of both."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve.errors import NoProposal
from evolve.operators.xnet.constants import loosened, tuned
from evolve.operators.xnet.flow import Examples, forward, gradient, line, output, wanted
from evolve.operators.xnet.nearest import Library
from evolve.operators.xnet.operator import XNet, examples_of
from evolve.operators.xnet.search import Search
from evolve.operators.xnet.symbols import BENDING, STANDARD, slopes, value, variable
from evolve.operators.xnet.written import answers, expression, numbers, whole
from evolve.protocols import Operator, Workshop
from evolve.records import Selection
from evolve.testing import NoWorkshop, OperatorContract, individual
from evolve.trees.tree import Tree, X, apply, constant
from sandbox import Graph, parse
from sandbox.arrays import outputs
from sandbox.operations import OPERATIONS

Y = variable(1)


def examples(formula: Any, inputs: int = 1, rows: int = 60, seed: int = 0) -> Examples:
    x = np.random.default_rng(seed).uniform(0.2, 2.0, (rows, inputs))
    return Examples.of(x, np.asarray(formula(*x.T)))


def trees(symbols: tuple[str, ...] = STANDARD) -> st.SearchStrategy[Tree]:
    leaves = st.sampled_from([X, Y, constant(1.0), constant(-0.5)])

    def grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        return st.sampled_from(symbols).flatmap(
            lambda name: st.tuples(*[inner] * len(OPERATIONS[name].takes)).map(
                lambda parts: apply(name, *parts)
            )
        )

    return st.recursive(leaves, grown, max_leaves=8)


def is_whole(tree: Tree) -> bool:
    """Whether every node has the inputs that its operation takes."""
    return all(
        len(each.inputs)
        == (len(OPERATIONS[each.operation].takes) if each.operation in OPERATIONS else 0)
        for _, each in tree.walk()
    )


@given(trees(), st.integers(0, 2**20))
def test_whatever_is_nearest_a_tree_stays_a_tree(tree: Tree, seed: int) -> None:
    data = examples(lambda x, y: x * y + np.sin(x), inputs=2)
    search = Search(data, STANDARD, np.random.default_rng(seed))
    library = Library(STANDARD, data, search.rng)
    fit = search.measured(tree)
    for each in search._neighbours(fit, library, data):  # noqa: SLF001
        assert is_whole(each)
        assert each.size <= search.most_nodes
    assert is_whole(search._disturbed(tree, library))  # noqa: SLF001


@given(trees(("add", "sub", "mul", "sin", "cos", "tanh", "square")))
def test_the_gradient_by_constants_is_what_differences_say(tree: Tree) -> None:
    loose = loosened(tree)
    data = examples(lambda x, y: x - y, inputs=2, rows=7)
    pull = np.linspace(-1.0, 1.0, 7)
    values = forward(loose, data.inputs)
    if not np.isfinite(values[()]).all() or np.abs(values[()]).max() > 1e3:
        return
    for path, slope in gradient(loose, values, pull).items():
        node = dict(loose.walk())[path]
        moved = [
            np.sum(
                pull * output(loose.replaced(path, constant(node.attributes[0] + h)), data.inputs)
            )
            for h in (1e-5, -1e-5)
        ]
        assert slope == pytest.approx((moved[0] - moved[1]) / 2e-5, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("name", [*STANDARD, *BENDING])
def test_slopes_are_derivatives(name: str) -> None:
    takes = len(OPERATIONS[name].takes)
    inputs = [np.linspace(0.3, 1.7, 9), np.linspace(2.0, 0.5, 9)][:takes]
    node = apply(name, *[X] * takes)
    for place, slope in enumerate(slopes(node, inputs)):
        above, below = (
            value(node, [each + h * (k == place) for k, each in enumerate(inputs)])
            for h in (1e-6, -1e-6)
        )
        assert np.broadcast_to(slope, 9) == pytest.approx((above - below) / 2e-6, abs=1e-4)


def test_each_row_is_updated_toward_its_own_target() -> None:
    tree = apply("mul", X, apply("sin", Y))
    data = examples(lambda x, y: x * x * y, inputs=2, rows=20)
    values = forward(tree, data.inputs)
    updates = wanted(tree, values, data.target - values[()], 1e-12)
    # Without damping a factor's update is the one that makes the product right, row by row.
    assert updates[(0,)] * values[(1,)] == pytest.approx(data.target)
    order = np.random.default_rng(0).permutation(20)
    mixed = forward(tree, data.inputs[:, order])
    again = wanted(tree, mixed, data.target[order] - mixed[()], 1e-12)
    assert all(again[path] == pytest.approx(update[order]) for path, update in updates.items())


@pytest.mark.parametrize(
    "formula",
    [lambda x: x**2 + x, lambda x: np.sin(x) + np.cos(x), lambda x: np.sin(x**2)],
    ids=["x^2 + x", "sin x + cos x", "sin x^2"],
)
def test_simple_formulas_are_recovered_from_any_seed(formula: Any) -> None:
    for seed in range(3):
        data = examples(formula, rows=80, seed=seed)
        search = Search(data, STANDARD, np.random.default_rng(seed))
        tree = whole(search.run(lambda epoch: epoch >= 120), data)
        fresh = np.linspace(0.1, 2.2, 50)
        assert answers(tree, fresh[np.newaxis]) == pytest.approx(formula(fresh), abs=1e-5)


def test_an_input_with_a_number_of_two_digits_is_found() -> None:
    data = examples(lambda *x: x[12] * x[3], inputs=15, rows=80)
    found = Search(data, STANDARD, np.random.default_rng(1)).run(lambda epoch: epoch >= 200)
    names = [f"x{k}" for k in range(15)]
    assert {str(each) for each in expression(found.tree, names).free_symbols} == {"x3", "x12"}
    assert found.line.r2 > 1 - 1e-9


def test_constants_are_found_and_written_short() -> None:
    data = examples(lambda x: np.sin(1.7 * x + 0.3))
    tree = tuned(apply("sin", X), data, np.random.default_rng(0))
    assert line(output(tree, data.inputs), data).r2 > 1 - 1e-9
    assert numbers(tree) == 2
    assert "1.7" in str(expression(tree, ["x"]))


def test_a_target_without_any_pattern_is_no_recovery() -> None:
    rng = np.random.default_rng(0)
    data = Examples.of(rng.normal(size=(200, 1)), rng.normal(size=200))
    found = Search(data, STANDARD, rng).run(lambda epoch: epoch >= 4)
    assert found.line.r2 < 0.7


def test_values_that_are_no_numbers_end_no_search() -> None:
    rng = np.random.default_rng(0)
    data = Examples.of(np.array([[-1e200], [0.0], [1e200], [-3.0], [2.0]] * 4), np.arange(20.0))
    found = Search(data, STANDARD, rng).run(lambda epoch: epoch >= 3)
    assert np.isfinite(answers(whole(found, data), data.inputs)).all() or found.line.r2 == -np.inf


class Pulling:
    """A workshop whose nets want an activation to be nearer to a function of one's own."""

    def __init__(self, shape: Any) -> None:
        self._shape = shape

    def work(self, job: str, order: Mapping[str, Any], draw: int) -> Mapping[str, Any]:
        points = np.linspace(-3.0, 3.0, 64)
        values = outputs(Graph.from_json(order["graph"]), points)[0]
        return {"points": points.tolist(), "pulls": (values - self._shape(points)).tolist()}

    def close(self) -> None:
        """Nothing was started."""


class TestXNet(OperatorContract):
    parents = (
        individual("a"),
        individual("b", "import torch\ndef activation(x): return torch.tanh(x)"),
    )

    def make(self) -> Operator:
        return XNet(Pulling(np.sin))


def test_a_proposal_is_nearer_to_what_the_nets_want_than_its_parent() -> None:
    workshop: Workshop = Pulling(lambda z: np.tanh(z) ** 2)
    parent = individual("p", "import torch\ndef activation(x): return torch.tanh(x)")
    points = np.linspace(-3.0, 3.0, 64)
    goal = np.tanh(points) ** 2

    def likeness(source: str) -> float:
        graph = parse(source)
        assert isinstance(graph, Graph)
        return float(np.corrcoef(outputs(graph, points)[0], goal)[0, 1] ** 2)

    made = [
        XNet(workshop).propose(Selection(s, 0, (parent,)), np.random.default_rng(s)).source
        for s in range(5)
    ]
    assert np.mean([likeness(each) for each in made]) > likeness(parent.program.source) + 0.1


@pytest.mark.parametrize("pulls", [np.zeros(64), np.full(64, np.nan)])
def test_nets_that_want_nothing_get_nothing(pulls: Any) -> None:
    points = np.linspace(-1.0, 1.0, 64)
    with pytest.raises(NoProposal):
        examples_of(apply("tanh", X), points, pulls, 0.3)


def test_where_nothing_is_trained_nothing_is_proposed() -> None:
    with pytest.raises(NoProposal, match="nothing is trained"):
        XNet(NoWorkshop()).propose(Selection(0, 0, (individual("a"),)), np.random.default_rng(0))
