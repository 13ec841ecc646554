"""Untrusted programs are parsed, priced, probed and trained under lock; never executed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.admitted import Admission
from sandbox.cost import DEFAULT_BUDGET, Cost, CostBudget
from sandbox.graph import Graph, MalformedGraph, Node, Parameter
from sandbox.identity import program_id
from sandbox.language.program import parse
from sandbox.operations import Scope
from sandbox.refusal import Refusal
from sandbox.source import canonical_source
from sandbox.traits import Traits

if TYPE_CHECKING:
    from sandbox.activation import Activation

__all__ = [
    "Admission",
    "Cost",
    "CostBudget",
    "Graph",
    "MalformedGraph",
    "Node",
    "Parameter",
    "Refusal",
    "Scope",
    "Traits",
    "admit",
    "canonical_source",
    "compile",
    "parse",
    "program_id",
]


def admit(
    source: str, budget: CostBudget = DEFAULT_BUDGET, scope: Scope = "pointwise"
) -> Admission | Refusal:
    """Measurements of a program, or why it is refused; nothing of the program is executed.

    Args:
        source: the program's text, whatever it may be.
        budget: the largest cost that is admitted.
        scope: pointwise, or how far reductions may look: feature (one sample), or batch.
    """
    from sandbox import admission  # imports torch

    return admission.admit(source, budget, scope)


def compile(graph: Graph) -> Activation:  # noqa: A001  the word for it
    """A pointwise graph as a function and its slopes, for training.

    Raises:
        NotPointwise: the graph has reductions.
    """
    from sandbox.activation import Activation  # imports torch

    return Activation(graph)
