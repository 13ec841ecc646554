"""The cost of a graph: static, exact, and independent of any values."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.building import X
from sandbox.differentiation import differentiate
from sandbox.graph import Graph, Node
from sandbox.operations import LEAVES
from sandbox.prices import FLOPS, TRANSCENDENTALS, power_price
from sandbox.refusal import Refused


@dataclass(frozen=True, slots=True)
class Cost:
    """What one element costs.

    Attributes:
        flops: floating-point operations forward, per element.
        backward_flops: those for f' and the slopes of the parameters, beyond what forward gave,
            and the product with the incoming gradient.
        operations: nodes that compute, those on parameters alone included.
        transcendentals: among the FLOPs, how many calls of exp, log, sin, erf, sqrt and the like.
        parameters: trainable scalars.
        depth: the longest chain of operations from x to the output.
    """

    flops: int
    backward_flops: int
    operations: int
    transcendentals: int
    parameters: int
    depth: int


@dataclass(frozen=True, slots=True)
class CostBudget:
    """The largest cost that is admitted: FLOPs follow fused code, operations follow eager code."""

    flops: int = 100
    operations: int = 96
    parameters: int = 8

    def check(self, cost: Cost) -> None:
        """Passes a cost within the budget.

        Raises:
            Refused: `over_budget`, with what was counted and what is allowed.
        """
        for name, counted, allowed in (
            ("FLOPs per element", cost.flops, self.flops),
            ("operations", cost.operations, self.operations),
            ("trainable parameters", cost.parameters, self.parameters),
        ):
            if counted > allowed:
                raise Refused("over_budget", f"{counted} {name}, at most {allowed}: use fewer")


DEFAULT_BUDGET = CostBudget()


def price(graph: Graph, derivatives: Graph | None = None) -> Cost:
    """The cost of a function; `derivatives` spares differentiating it again."""
    flops, transcendentals = forward_flops(graph)
    if graph.scope == "pointwise":
        both, _ = forward_flops(derivatives or differentiate(graph))
        backward = both - flops + 1 + len(graph.parameters)
    else:
        backward = 2 * flops  # reductions have no slope of their own; the usual rule of thumb
    return Cost(
        flops=flops,
        backward_flops=max(backward, 1),
        operations=sum(node.operation not in LEAVES for node in graph.nodes),
        transcendentals=transcendentals,
        parameters=len(graph.parameters),
        depth=_depth(graph),
    )


def forward_flops(graph: Graph) -> tuple[int, int]:
    """FLOPs and transcendentals of what depends on x; the rest is not computed per element."""
    dependent = {X}
    flops = transcendentals = 0
    for number, node in enumerate(graph.nodes):
        if not dependent.isdisjoint(node.inputs):
            dependent.add(number)
            cost = _node_flops(graph, node)
            flops += cost
            squared = node.operation == "pow" and cost != FLOPS["pow"]
            transcendentals += 0 if squared else TRANSCENDENTALS[node.operation]
    return flops, transcendentals


def _node_flops(graph: Graph, node: Node) -> int:
    last = graph.nodes[node.inputs[-1]]
    constant = last.attributes[0] if last.operation == "constant" else None
    if node.operation == "pow":
        return power_price(constant)
    if node.operation == "div" and constant is not None:
        return FLOPS["mul"]  # a division by a constant is a product with its inverse
    return FLOPS[node.operation]


def _depth(graph: Graph) -> int:
    depths: dict[int, int] = {X: 0}  # of what depends on x
    for number, node in enumerate(graph.nodes):
        before = [depths[each] for each in node.inputs if each in depths]
        if before:
            depths[number] = 1 + max(before)
    return depths.get(graph.output, 0)
