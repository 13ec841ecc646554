"""Networks that prune themselves: thresholds, targets, and the expressions that are left."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from evolve.errors import NoProposal
from evolve.operators.symbolnet.finish import close
from evolve.operators.symbolnet.network import SymbolNet as Network
from evolve.operators.symbolnet.operator import SymbolNet
from evolve.operators.symbolnet.pruning import Sparsity, step, urgency
from evolve.operators.symbolnet.saliency import costs, damages
from evolve.operators.symbolnet.slots import BINARY, SLOTS, UNARY, in_turn
from evolve.operators.symbolnet.training import Examples, Schedule, train
from evolve.operators.symbolnet.unrolled import answers, complexity, expressions, tree
from evolve.protocols import Operator
from evolve.records import Selection
from evolve.testing import NoWorkshop, OperatorContract, individual
from evolve.trees.translation import graph_of
from sandbox import Graph, parse
from sandbox.arrays import outputs

NAMES = ("a", "b", "lambda", "d 2")


def network(
    seed: int, inputs: int = 4, outputs: int = 3, layers: int = 1, spread: float = 10.0
) -> Network:
    generator = torch.Generator().manual_seed(seed)
    net = Network(
        inputs, outputs, in_turn(UNARY, 4), in_turn(BINARY, 2), generator, layers
    ).double()
    with torch.no_grad():
        for part in net.prunable:
            part.weight.mul_(spread)
            part.bias.mul_(spread)
    return net


def test_the_surrogate_gradient_is_a_number_everywhere() -> None:
    x = torch.tensor([-1e4, -100.0, -18.0, -0.1, 0.3, 50.0], requires_grad=True)
    step(x).sum().backward()  # type: ignore[no-untyped-call]
    slope = x.grad
    assert slope is not None
    assert slope.isfinite().all()
    literal = [5 * np.exp(-5 * z) / (1 + np.exp(-5 * z)) ** 2 for z in (-0.1, 0.3)]
    assert slope[3:5].tolist() == pytest.approx(literal, rel=1e-5)
    assert step(x).tolist() == [0, 0, 0, 0, 1, 1]


def test_urgency_falls_from_one_to_nothing_at_the_target() -> None:
    found = [urgency(reached, 0.8) for reached in (0.0, 0.4, 0.7, 0.79999, 0.8, 0.9)]
    assert found[0] == pytest.approx(1.0)
    assert found == sorted(found, reverse=True)
    assert found[-2:] == [0.0, 0.0]
    assert urgency(0.0, 0.0) == 0.0


def test_a_pruned_unary_slot_is_the_identity_and_a_pruned_binary_one_adds() -> None:
    net = network(0, inputs=2)
    layer = net.symbolic[0]
    x = torch.randn(9, 2, dtype=torch.float64)
    sums = layer.sums(x)
    with torch.no_grad():
        layer.unary_threshold[1] = 1.0
        layer.binary_threshold[0] = 1.0
    found = layer(x)
    assert torch.allclose(found[:, 0], torch.sin(sums[:, 0]))
    assert torch.allclose(found[:, 1], sums[:, 1])
    assert torch.allclose(found[:, 4], sums[:, 4] + sums[:, 5])
    assert torch.allclose(found[:, 5], sums[:, 6] * sums[:, 7])


shares = st.floats(0.0, 0.9)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 999), st.integers(1, 2), shares, shares, shares, shares)
def test_expressions_say_what_the_network_says(
    seed: int, layers: int, one: float, two: float, three: float, four: float
) -> None:
    net = network(seed, layers=layers)
    targets = Sparsity(min(one, 0.75), two, three, four)
    rows = np.random.default_rng(seed).normal(size=(11, 4))
    close(net, targets, torch.from_numpy(rows))
    assert net.sparsity().meets(targets)
    with torch.no_grad():
        wanted = net(torch.from_numpy(rows)).numpy()
    found = answers(expressions(net, NAMES), NAMES, rows)
    assert found == pytest.approx(wanted, rel=1e-5, abs=1e-5)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 999), shares, shares)
def test_a_network_of_one_input_is_a_graph(seed: int, weights: float, unary: float) -> None:
    net = network(seed, inputs=1, outputs=1)
    points = np.linspace(-2.0, 2.0, 21)
    targets = Sparsity(weights=weights, unary=unary, binary=unary)
    close(net, targets, torch.from_numpy(points).unsqueeze(1))
    with torch.no_grad():
        wanted = net(torch.from_numpy(points).unsqueeze(1)).numpy()[:, 0]
    (found,) = outputs(graph_of(tree(net, digits=12)), points)
    assert found == pytest.approx(wanted, rel=1e-5, abs=1e-5)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999), st.integers(1, 2))
def test_the_damage_of_a_weight_is_what_a_linear_network_loses_without_it(
    seed: int, layers: int
) -> None:
    net = network(seed, layers=layers, spread=2.0)
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randn(23, 4, dtype=torch.float64, generator=generator)
    with torch.no_grad():
        for layer in net.symbolic:  # identities and additions are left
            layer.unary_threshold.fill_(1.0)
            layer.binary_threshold.fill_(1.0)
        whole = net(rows)
        for part, (weights, biases) in zip(net.prunable, damages(net, rows), strict=True):
            for numbers, damage in ((part.weight, weights), (part.bias, biases)):
                place = tuple(int(torch.randint(n, (), generator=generator)) for n in numbers.shape)
                kept = float(numbers[place])
                numbers[place] = 0.0
                lost = (net(rows) - whole).square().sum(dim=1).mean()
                numbers[place] = kept
                assert float(damage[place]) == pytest.approx(float(lost))


@pytest.mark.parametrize("layers", [1, 2])
def test_the_cost_of_a_weight_is_the_nodes_that_go_with_it(layers: int) -> None:
    # Sines of different sums: there is nothing that SymPy could merge.
    generator = torch.Generator().manual_seed(3)
    net = Network(4, 2, in_turn(("sin",), 3), (), generator, layers).double()

    def nodes() -> int:
        return sum(complexity(each) for each in expressions(net, NAMES))

    whole = nodes()
    for part, (weights, biases) in zip(net.prunable, costs(net), strict=True):
        for kept, cost in ((part.kept, weights), (part.bias_kept, biases)):
            for place in np.ndindex(*kept.shape):
                kept[place] = 0.0
                assert whole - nodes() == int(cost[place])
                kept[place] = 1.0


def test_complexity_counts_nodes() -> None:
    import sympy as sp  # type: ignore[import-untyped]

    a, b = sp.symbols("a b")
    assert complexity(a) == 1
    assert complexity(sp.sin(a) + 2.0 * b) == 6  # add, sin, a, mul, 2, b


def test_training_meets_its_targets_and_still_fits() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 4)).astype(np.float32)
    y = (np.sin(x[:, 0]) + 0.5 * x[:, 1])[:, np.newaxis].astype(np.float32)
    rows = [torch.from_numpy(each) for each in (x[:160], y[:160], x[160:], y[160:])]
    targets = Sparsity(0.5, 0.8, 0.4, 0.4)
    generator = torch.Generator().manual_seed(0)
    net = Network(4, 1, in_turn(UNARY, 8), in_turn(BINARY, 2), generator)
    seen: list[int] = []
    schedule = Schedule(epochs=12, batch=16, refining=10)
    found = train(net, Examples(*rows), targets, schedule, generator, seen.append)
    assert seen == list(range(22))
    assert found.net.sparsity().meets(targets)
    assert found.loss < 0.1 * float(y.var())
    assert {str(each) for each in expressions(found.net, NAMES)[0].free_symbols} == {"a", "b"}


def test_inputs_that_are_huge_end_no_training() -> None:
    x = torch.full((40, 2), 1e4)
    generator = torch.Generator().manual_seed(0)
    net = Network(2, 1, in_turn(("exp", "square"), 4), in_turn(BINARY, 1), generator)
    rows = Examples(x, torch.ones(40, 1), x, torch.ones(40, 1))
    found = train(net, rows, Sparsity(weights=0.5), Schedule(3, 8, refining=4), generator)
    assert all(each.isfinite().all() for each in found.net.state_dict().values())


class Answering:
    """A workshop that has found a graph already."""

    def __init__(self, graph: str) -> None:
        self._graph = graph

    def work(self, job: str, order: Mapping[str, Any], draw: int) -> Mapping[str, Any]:
        return {"graph": self._graph}

    def close(self) -> None:
        """Nothing was started."""


def spelled(text: str) -> str:
    graph = parse(f"import torch\ndef activation(x): return {text}\n")
    assert isinstance(graph, Graph)
    return graph.to_json()


class TestSymbolNet(OperatorContract):
    parents = (
        individual("a"),
        individual("b", "import torch\ndef activation(x): return torch.sin(x)"),
    )

    def make(self) -> Operator:
        return SymbolNet(Answering(spelled("torch.tanh(x) + 0.2 * torch.sin(2.0 * x)")))


@pytest.mark.parametrize(
    "graph", [spelled("2.0 * x"), spelled("x * torch.sigmoid(x)"), "{}", '{"version": 1}', "["]
)
def test_what_is_no_new_curve_is_not_proposed(graph: str) -> None:
    with pytest.raises(NoProposal):
        SymbolNet(Answering(graph)).propose(
            Selection(0, 0, (individual("a"),)), np.random.default_rng(0)
        )


def test_where_nothing_is_trained_nothing_is_proposed() -> None:
    with pytest.raises(NoProposal, match="nothing is trained"):
        SymbolNet(NoWorkshop()).propose(
            Selection(0, 0, (individual("a"),)), np.random.default_rng(0)
        )


@pytest.mark.parametrize("name", list(SLOTS))
def test_a_slot_is_the_same_in_torch_and_as_a_tree(name: str) -> None:
    slot = SLOTS[name]
    x = np.linspace(-2.0, 2.0, 9)
    inputs = [torch.from_numpy(x)] * (2 if name == "mul" else 1)
    from evolve.trees.tree import X

    (found,) = outputs(graph_of(slot.tree(*[X] * len(inputs))), x)
    assert found == pytest.approx(slot.call(*inputs).numpy())
