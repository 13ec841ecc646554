"""Admission: a program's text is parsed, priced and probed, and comes out as measurements."""

from __future__ import annotations

import torch

from sandbox.activation import Activation
from sandbox.admitted import Admission
from sandbox.cost import DEFAULT_BUDGET, CostBudget, price
from sandbox.differentiation import differentiate
from sandbox.fingerprint import SEEN, affine_class, behaviour, fingerprint
from sandbox.graph import Graph
from sandbox.language.program import parse
from sandbox.lowering import lowered
from sandbox.operations import Scope
from sandbox.probe import probe
from sandbox.reduced import measure_reduced
from sandbox.refusal import Refusal, Refused
from sandbox.shape import measure_traits
from sandbox.source import canonical_source
from sandbox.tape import Tape


def admit(
    source: str, budget: CostBudget = DEFAULT_BUDGET, scope: Scope = "pointwise"
) -> Admission | Refusal:
    """Measurements of a program, or why it is refused; nothing of the program is executed."""
    graph = parse(source, scope)
    if isinstance(graph, Refusal):
        return graph
    try:
        if graph.scope != "pointwise":
            return measure_reduced(graph, budget)
        return _measure(graph, budget)
    except Refused as refused:
        return refused.refusal


def warm_up() -> None:
    """Loads all that `admit` and `compile` need: a locked process can open no file."""
    verdict = admit("import torch\ndef activation(x, b=1.0): return x * torch.sigmoid(b * x)")
    if isinstance(verdict, Refusal):
        raise RuntimeError(  # noqa: TRY004  no question of types
            f"swish is refused: {verdict}; the sandbox is broken"
        )
    x = torch.zeros(1)
    Activation(verdict.graph).value_and_slopes(x, [x])


@torch.inference_mode()
def _measure(graph: Graph, budget: CostBudget) -> Admission:
    derivatives = differentiate(graph)
    cost = price(graph, derivatives)
    budget.check(cost)
    tape = Tape(lowered(derivatives, share=True))
    probed = probe(tape, graph.parameters)
    return Admission(
        graph=graph,
        canonical=canonical_source(graph),
        fingerprint=fingerprint(probed.values[SEEN], tape, graph.parameters),
        affine_class=affine_class(probed.values[SEEN]),
        behaviour=behaviour(probed.values[SEEN]),
        cost=cost,
        traits=measure_traits(probed),
    )
