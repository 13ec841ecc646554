"""What is trained is what was written: the graph against executed source and autograd."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from torch import Tensor

import sandbox
from sandbox.building import Builder, X
from sandbox.differentiation import NotPointwise, differentiate
from sandbox.graph import Graph
from sandbox.lowering import lowered
from sandbox.operations import OPERATIONS
from sandbox.tape import Tape
from sandbox.tensors import run
from tests.mirror.sandbox.programs import BENIGN, POINTWISE, Program, graphs

torch.set_num_threads(1)
# Integers and zero, where kinks are, and points between.
_GRID = torch.cat([torch.linspace(-6, 6, 121, dtype=torch.float64), torch.tensor([0.3, -1e-4])])


@pytest.fixture(autouse=True)
def _double() -> Any:
    """Constants such as torch.tensor(0.1) take the default type, which must not blur them."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


class _OutOfPlace(ast.NodeTransformer):
    """y += z as y = y + z: torch cannot differentiate the change in place after a tanh."""

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.Assign:
        assert isinstance(node.target, ast.Name)
        value = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
        return ast.Assign([node.target], value)


def executed(source: str) -> tuple[Callable[..., Tensor], list[Tensor]]:
    """The benign source as Python itself sees it, with its trainable scalars."""
    names: dict[str, Any] = {}
    tree = ast.fix_missing_locations(_OutOfPlace().visit(ast.parse(source)))
    exec(compile(tree, "benign", "exec"), names)  # noqa: S102  ours, and benign
    if "Activation" in names:
        module = names["Activation"]()
        return lambda x, *_: module(x), list(module.parameters())
    declared = names.get("PARAMS", {})
    return names["activation"], [torch.tensor(v, requires_grad=True) for v in declared.values()]


def slopes(value: Tensor, leaves: Sequence[Tensor]) -> list[Tensor]:
    found = torch.autograd.grad(value.sum(), leaves, allow_unused=True)
    return [
        torch.zeros_like(leaf) if slope is None else slope
        for leaf, slope in zip(leaves, found, strict=True)
    ]


def parsed(source: str) -> Graph:
    graph = sandbox.parse(source)
    assert isinstance(graph, Graph), graph
    return graph


@pytest.mark.parametrize("program", BENIGN, ids=lambda program: program.name)
def test_a_graph_computes_what_its_source_computes(program: Program) -> None:
    graph = parsed(program.source)
    function, parameters = executed(program.source)
    x = _GRID.clone().requires_grad_()
    wanted = function(x, *parameters)
    found, slope, *others = run(differentiate(graph), _GRID)
    torch.testing.assert_close(found, wanted.detach(), rtol=0, atol=1e-8)
    wanted_slope, *wanted_others = slopes(wanted, [x, *parameters])
    torch.testing.assert_close(slope, wanted_slope, rtol=0, atol=1e-8)
    for other, wanted_other in zip(others, wanted_others, strict=False):
        torch.testing.assert_close(other.sum(), wanted_other.sum(), rtol=1e-9, atol=1e-8)


@pytest.mark.parametrize("program", BENIGN, ids=lambda program: program.name)
def test_canonical_source_computes_the_same_when_python_executes_it(program: Program) -> None:
    graph = parsed(program.source)
    function, _ = executed(sandbox.canonical_source(graph))
    parameters = [torch.tensor(each.initial) for each in graph.parameters]
    torch.testing.assert_close(
        function(_GRID, *parameters), run(graph, _GRID)[0], rtol=1e-12, atol=1e-12
    )


@pytest.mark.parametrize("program", BENIGN, ids=lambda program: program.name)
def test_a_compiled_activation_agrees_with_its_graph(program: Program) -> None:
    graph = parsed(program.source)
    activation = sandbox.compile(graph)
    parameters = [torch.tensor(value) for value in activation.parameters]
    before = _GRID.clone()
    value, slope, others = activation.value_and_slopes(_GRID, parameters)
    for found, wanted in zip(
        (value, slope, *others), run(differentiate(graph), _GRID), strict=True
    ):
        torch.testing.assert_close(found, wanted, rtol=1e-9, atol=1e-10)
    torch.testing.assert_close(activation.value(_GRID, parameters), value)
    assert torch.equal(_GRID, before)


@pytest.mark.parametrize("program", BENIGN, ids=lambda program: program.name)
def test_a_tape_that_is_asked_for_the_value_alone_gives_the_same(program: Program) -> None:
    graph = parsed(program.source)
    tape = Tape(lowered(differentiate(graph), share=True))
    parameters = [torch.tensor(each.initial) for each in graph.parameters]
    assert torch.equal(tape.value(_GRID, parameters), tape.run(_GRID, parameters)[0])


def test_a_parameter_for_every_channel_broadcasts() -> None:
    activation = sandbox.compile(
        parsed("import torch\ndef activation(x, b=1.5): return x * torch.sigmoid(b * x) + b")
    )
    x, b = torch.randn(7, 3), torch.tensor([0.5, 1.0, 2.0])
    value, slope, (towards_b,) = activation.value_and_slopes(x, [b])
    leaves = [x.clone().requires_grad_(), b.expand(7, 3).clone().requires_grad_()]
    wanted = leaves[0] * torch.sigmoid(leaves[1] * leaves[0]) + leaves[1]
    torch.testing.assert_close(value, wanted.detach())
    torch.testing.assert_close([slope, towards_b], slopes(wanted, leaves))


@pytest.mark.parametrize("text", ["x", "b * x", "torch.exp(x)", "b + 0 * x + x", "torch.abs(x)"])
def test_what_is_returned_may_be_overwritten(text: str) -> None:
    activation = sandbox.compile(parsed(f"import torch\ndef activation(x, b=2.0): return {text}"))
    x, parameters = torch.randn(5), [torch.tensor(2.0) for _ in activation.parameters]
    first = activation.value_and_slopes(x, parameters)
    wanted = [each.clone() for each in (first[0], first[1], *first[2])]
    kept = x.clone()
    activation.value(x, parameters).add_(100)
    first[0].add_(100)
    torch.testing.assert_close([first[1], *first[2]], wanted[1:])
    assert torch.equal(x, kept)
    assert all(each.shape == x.shape for each in wanted)


def test_the_wrong_number_of_parameters_is_said() -> None:
    activation = sandbox.compile(parsed("import torch\ndef activation(x, b=1.0): return b * x"))
    with pytest.raises(ValueError, match="0 parameters given, 1 wanted"):
        activation.value(torch.zeros(2))


def one_operation(name: str) -> Graph:
    """The operation on x, and on x and a parameter, and on two functions of x."""
    operation, builder = OPERATIONS[name], Builder()
    attributes = [value for _, value in operation.attributes]
    if operation.takes == "f":
        return builder.finish(builder.add(name, X, attributes=attributes))
    first = builder.add("add", X, builder.constant(0.0517))
    second = builder.add("mul", builder.parameter("p", 0.71), builder.add("cosh", X))
    return builder.finish(builder.add(name, first, second))


_SLOPED = [each.name for each in POINTWISE if each.takes in {"f", "ff"} and each.gives == "f"]


@pytest.mark.parametrize("name", _SLOPED)
def test_the_slope_of_every_operation_is_autograds(name: str) -> None:
    graph = one_operation(name)
    x = _GRID.clone().requires_grad_()
    parameters = [torch.full_like(_GRID, 0.71).requires_grad_() for _ in graph.parameters]
    value = run(graph, x, parameters)[0]
    found = run(differentiate(graph), _GRID, [each.detach() for each in parameters])[1:]
    # torch keeps 1/6 of hardsigmoid in single precision
    torch.testing.assert_close(
        found, slopes(value, [x, *parameters]), rtol=1e-7, atol=1e-9, equal_nan=True
    )


@given(graphs())
@settings(max_examples=150, deadline=None)
def test_a_random_graph_has_autograds_slopes_and_compiles(graph: Graph) -> None:
    points = torch.linspace(-5.3, 6.1, 101)
    x = points.clone().requires_grad_()
    value = run(graph, x)[0]
    # torch has no slope of a remainder towards the divisor
    assume(value.requires_grad and all(node.operation != "remainder" for node in graph.nodes))
    (wanted,) = slopes(value, [x])
    sound = sound_points(graph, points)
    try:
        found = run(differentiate(graph), points)[1]
    except sandbox.refusal.Refused:
        return  # a constant of the derivative is out of range; admission says so as well
    assert agreeing(found[sound], wanted[sound]) > 0.95
    parameters = [torch.tensor(each.initial) for each in graph.parameters]
    compiled = sandbox.compile(graph).value(points, parameters)
    assert agreeing(compiled[sound], value.detach()[sound]) > 0.95


def sound_points(graph: Graph, points: Tensor) -> Tensor:
    """Where every intermediate value is finite and small, as in all that is admitted."""
    floats = tuple(n for n in range(len(graph.nodes)) if graph.kind(n) == "f")
    values = torch.stack(run(Graph(graph.nodes, graph.parameters, floats), points))
    return (values.abs() < 1e6).all(dim=0)


def agreeing(found: Tensor, wanted: Tensor) -> float:
    """The share of points that agree; a random graph may cancel badly at some of them.

    Where a slope of ours is not finite the program is refused, though autograd may select a 0.
    """
    unsound = ~torch.isfinite(wanted) | ~torch.isfinite(found) | (wanted.abs() > 1e6)
    close = torch.isclose(found, wanted, rtol=1e-6, atol=1e-6)
    return float((close | unsound).double().mean()) if len(found) else 1.0


def test_a_graph_with_reductions_has_no_slopes() -> None:
    graph = sandbox.parse("def activation(x): return x - x.mean()", "batch")
    assert isinstance(graph, Graph)
    with pytest.raises(NotPointwise, match="autograd"):
        sandbox.compile(graph)
    assert math.isclose(float(run(graph, torch.arange(4.0))[0].sum()), 0.0)
