"""Whether a program does what another does for less: what a model that simplifies has to show."""

from __future__ import annotations

import numpy as np

from evolve.errors import NoProposal
from evolve.records import Individual
from sandbox.cost import forward_flops
from sandbox.graph import Graph
from sandbox.language.program import parse
from sandbox.preview import SEEN, curve

TOLERANCE, REACH = 0.05, 5.0
"""The largest difference of values, and up to which |x|: as `prompts/simplify.md` tells it."""


def demand_cheaper(source: str, parent: Individual) -> None:
    """Lets pass what costs less than `parent` and runs close to it.

    What the sandbox cannot read passes, too: admission will say what is wrong with it.

    Raises:
        NoProposal: it is not cheaper, or does something else.
    """
    graph = parse(source)
    if not isinstance(graph, Graph) or graph.scope != "pointwise":
        return
    flops, _ = forward_flops(graph)
    if flops >= parent.admission.flops:
        raise NoProposal(f"no simpler: it costs {flops:g}, the parent {parent.admission.flops:g}")
    near = np.abs(SEEN) <= REACH
    original = Graph.from_json(parent.admission.graph)
    with np.errstate(all="ignore"):
        away = float(np.abs(curve(graph) - curve(original))[near].max())
    if not away <= TOLERANCE:  # not a number is no small difference
        raise NoProposal(
            f"another function: its values are up to {away:.3g} away from the parent's"
        )
