"""NumPy's view of a graph beside torch's, and what is foreseen beside what admission says."""

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evolve.spaces.ramachandran import draw, source
from fitness.baselines import TIER_1
from sandbox import Graph, Refusal, admit, parse
from sandbox.arrays import KERNELS, outputs
from sandbox.cost import CostBudget
from sandbox.differentiation import differentiate
from sandbox.graph import Node
from sandbox.operations import FUSED, OPERATIONS
from sandbox.preview import SEEN, curve, foreseen
from sandbox.tape import Tape

POINTWISE = [
    each for each in OPERATIONS.values() if each.scope == "pointwise" and each.name not in FUSED
]


def test_every_pointwise_operation_that_a_program_can_say_is_there() -> None:
    assert set(KERNELS) == {each.name for each in POINTWISE}


@pytest.mark.parametrize("operation", POINTWISE, ids=lambda each: each.name)
def test_numpy_and_torch_give_the_same_values(operation: object) -> None:
    assert isinstance(operation, type(POINTWISE[0]))
    # x and 0.7 x as floats, x > 0 and x < 1 as masks: what each operation takes, in turn.
    nodes = [
        Node("x"),
        Node("constant", (), (0.7,)),
        Node("mul", (0, 1)),
        Node("gt", (0, 1)),
        Node("lt", (0, 1)),
    ]
    floats, masks = iter((0, 2)), iter((3, 4))
    inputs = tuple(next(floats) if kind == "f" else next(masks) for kind in operation.takes)
    defaults = tuple(value for _, value in operation.attributes)
    nodes.append(Node(operation.name, inputs, defaults))
    if operation.gives == "m":
        nodes.append(Node("cast", (len(nodes) - 1,)))
    graph = Graph(tuple(nodes), (), (len(nodes) - 1,))
    x = np.linspace(-3.1, 3.2, 90)
    expected = Tape(graph).run(torch.from_numpy(x.copy()), [])[0].numpy()
    np.testing.assert_allclose(outputs(graph, x)[0], expected, rtol=1e-12, atol=1e-14)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
@example(882)  # steep on one side of a point where two branches meet
@example(6903)  # steep, and infinite at a point that is not looked at first
@example(22277)  # a bounded wave of what is steep
def test_what_is_foreseen_is_what_admission_says(seed: int) -> None:
    text = source(draw(np.random.default_rng(seed)))
    graph = parse(text)
    if not isinstance(graph, Graph):
        return
    verdict = admit(text)
    refused = verdict.code if isinstance(verdict, Refusal) else None
    if (code := foreseen(graph)) != refused:  # a finer look at slopes may see more
        assert (code, refused) in {(None, "nonfinite"), (None, "discontinuous")} | {
            ("discontinuous", None)
        }, text


def test_textbook_activations_are_foreseen_to_be_admitted_within_their_budget() -> None:
    for name, text in TIER_1.items():
        graph = parse(text)
        assert isinstance(graph, Graph)
        assert foreseen(graph) == ("affine" if name == "identity" else None), name
        assert foreseen(graph, CostBudget(flops=0)) in {"over_budget", "affine"}


def test_a_slope_that_is_infinite_where_the_value_is_not_is_foreseen() -> None:
    for text in ("torch.sqrt(torch.abs(x))", "torch.where(x > 0, torch.log(x), x)", "x ** 0.5"):
        graph = parse(f"import torch\ndef activation(x): return {text}\n")
        assert isinstance(graph, Graph)
        assert foreseen(graph) in {"nonfinite", "grad_explodes"}, text


def test_of_a_graph_with_reductions_only_the_price_is_foreseen() -> None:
    centred = "x - torch.mean(x, dim=-1, keepdim=True)"
    mean = parse(f"import torch\ndef activation(x): return {centred}\n", scope="feature")
    assert isinstance(mean, Graph)
    assert foreseen(mean) is None
    assert foreseen(mean, CostBudget(flops=1)) == "over_budget"


def test_a_curve_is_the_function_at_the_points_seen() -> None:
    graph = parse("import torch\ndef activation(x, b=2.0): return b * torch.tanh(x)\n")
    assert isinstance(graph, Graph)
    np.testing.assert_allclose(curve(graph), 2 * np.tanh(SEEN))
    values, slopes, by_b = outputs(differentiate(graph), SEEN)
    np.testing.assert_allclose(by_b, values / 2)
    np.testing.assert_allclose(slopes, 2 * (1 - np.tanh(SEEN) ** 2))
