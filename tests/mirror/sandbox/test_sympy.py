"""SymPy, which knows nothing of torch, finds the same values."""

import pytest
import torch
from hypothesis import given, settings

from sandbox import Graph, parse
from sandbox.operations import OPERATIONS
from sandbox.symbolic import to_sympy
from sandbox.tensors import run
from tests.mirror.sandbox.programs import BENIGN, POINTWISE, Program, graphs


@pytest.mark.parametrize("program", BENIGN, ids=lambda program: program.name)
def test_sympy_agrees_with_torch(program: Program) -> None:
    graph = parse(program.source)
    assert isinstance(graph, Graph)
    expression = to_sympy(graph)
    values = {each.name: each.initial for each in graph.parameters}
    for point in (-2.3, 0.7):
        found = expression.subs(
            {s: {"x": point, **values}[s.name] for s in expression.free_symbols}
        )
        wanted = run(graph, torch.tensor([point], dtype=torch.float64))[0].item()
        assert float(found.evalf()) == pytest.approx(wanted, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", [each.name for each in POINTWISE if each.takes == "f"])
def test_sympy_knows_every_function_of_one_input(name: str) -> None:
    attributes = [value for _, value in OPERATIONS[name].attributes]
    options = "".join(f", {value}" for value in attributes)
    source = f"import torch.nn.functional as F\ndef activation(x): return F.{name}(x{options})"
    graph = parse(source) if name != "gelu_tanh" else None
    if isinstance(graph, Graph):
        expression = to_sympy(graph)
        point = 1.37 if name == "acosh" else 0.37
        wanted = run(graph, torch.tensor([point], dtype=torch.float64))[0].item()
        (x,) = expression.free_symbols
        assert float(expression.subs({x: point}).evalf()) == pytest.approx(wanted, rel=1e-6)


@given(graphs(most=5))
@settings(max_examples=15, deadline=None)
def test_any_graph_is_an_expression(graph: Graph) -> None:
    assert to_sympy(graph) is not None
