"""Reverse-mode differentiation of a graph into a graph, by the rules of torch's autograd."""

from __future__ import annotations

from sandbox.building import Builder
from sandbox.calculus import Calculus
from sandbox.derivatives import adjoints
from sandbox.graph import Graph
from sandbox.operations import LEAVES


class NotPointwise(ValueError):  # noqa: N818
    """A graph with reductions, where a single number for a slope has no meaning."""


def differentiate(graph: Graph) -> Graph:
    """A graph with outputs f, df/dx, df/dp for every parameter p, sharing what they have in common.

    Rules and order are those of autograd, so that a trap such as the infinite slope of a branch
    that torch.where did not choose (0 * inf) is a trap here as well, and is found by the probe.

    Raises:
        NotPointwise: the graph has a reduction.
        Refused: a constant of the derivative is out of range.
    """
    if graph.scope != "pointwise":
        raise NotPointwise("a graph with reductions has no slopes; run it under autograd instead")
    builder = Builder.of(graph)
    write = Calculus(builder)
    slopes: dict[int, int] = {graph.output: builder.constant(1.0)}
    for number in range(len(graph.nodes) - 1, -1, -1):
        node = graph.nodes[number]
        if number not in slopes or node.operation in LEAVES:
            continue
        for source, slope in adjoints(write, number, slopes[number]):
            before = slopes.get(source)
            slopes[source] = slope if before is None else builder.add("add", before, slope)
    leaves = range(1 + len(graph.parameters))
    zero = builder.constant(0.0)
    return builder.finish_as_built(graph.output, *(slopes.get(leaf, zero) for leaf in leaves))
