"""Which trees are worth proposing: those that admission will take, as far as can be foreseen."""

from __future__ import annotations

from evolve.trees.translation import bends, graph_of
from evolve.trees.tree import Tree
from sandbox.graph import Graph, MalformedGraph
from sandbox.preview import foreseen
from sandbox.refusal import Refused


def promising(tree: Tree) -> Graph | None:
    """The graph of a tree that admission should take; None where it would be refused.

    Judged by the default budget of the sandbox: a smaller one refuses more.
    """
    try:
        graph = graph_of(tree)
    except (Refused, MalformedGraph):
        return None  # constants that fold to no number, or drifted out of range
    return graph if bends(graph) and foreseen(graph) is None else None
