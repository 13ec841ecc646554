"""SymbolNet as an operator: an activation trained with its networks, pruned, and spelled out."""

from __future__ import annotations

import numpy as np

from evolve.errors import NoProposal
from evolve.protocols import Workshop
from evolve.records import Proposal, Selection
from evolve.trees.judging import promising
from evolve.trees.reading import Parent, first_of
from evolve.trees.translation import tree_of
from sandbox.graph import Graph, MalformedGraph
from sandbox.source import canonical_source

JOB = "evolve.operators.symbolnet.locked:grow"
FEWEST, MOST = 4, 10
"""Numbers that are left of the symbolic network: its target complexity, drawn anew each time."""
LARGEST = 20  # nodes of a parent, which becomes an operation of its own


class SymbolNet:
    """Trains one symbolic network of one input as the activation of all hidden units.

    Its first slot is the parent's function, so that it begins as the parent; weights of the nets,
    numbers and thresholds are trained together, and pruned to a few numbers.
    """

    def __init__(self, workshop: Workshop) -> None:
        """Takes where networks are trained."""
        self._workshop = workshop

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """The activation that came out, unrolled.

        Raises:
            NoProposal: there is no parent of a readable size, its nets cannot be trained, or what
                is left of the network is no new curve that would be admitted.
        """
        individual, parent = first_of(selection.parents, LARGEST)
        kept = int(rng.integers(FEWEST, MOST + 1))
        order = {
            "graph": individual.admission.graph,
            "kept": kept,
            "seed": int(rng.integers(2**31)),
        }
        found = self._workshop.work(JOB, order, int(rng.integers(2**31)))
        graph = _new(str(found["graph"]), parent)
        return Proposal(canonical_source(graph), (parent.id,), note=f"{kept} numbers kept")


def _new(text: str, parent: Parent) -> Graph:
    """The graph that came up from the locked process, checked, if it is worth proposing.

    Raises:
        NoProposal: it is not.
    """
    try:
        graph = promising(tree_of(Graph.from_json(text)))
    except MalformedGraph as error:
        raise NoProposal(f"what came back is no graph: {error}") from None
    if graph is None or graph.digest() == parent.digest:
        raise NoProposal(
            "what is left of the symbolic network is the parent, or would not be admitted"
        )
    return graph
