"""Any admitted program as a tree, whoever wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from evolve.errors import NoProposal
from evolve.records import Individual
from evolve.trees.translation import size_as_tree, tree_of
from evolve.trees.tree import Tree
from sandbox.graph import Graph

LARGEST = 256  # nodes as a tree; a graph that shares much can spell an astronomical one


@dataclass(frozen=True)
class Parent:
    """An individual as an operator sees it that varies trees.

    Attributes:
        id: the program's.
        digest: of its graph; a child with the same one is no child.
    """

    id: str
    tree: Tree
    digest: str


def readable(individual: Individual) -> tuple[Parent, ...]:
    """The parent as a tuple of one; empty where its tree would have more than LARGEST nodes.

    Raises:
        MalformedGraph: the ledger holds what is no graph.
    """
    found = _read(individual.admission.graph)
    return (Parent(individual.program.id, *found),) if found else ()


def first_of(parents: Sequence[Individual], most_nodes: int) -> tuple[Individual, Parent]:
    """The first parent whose tree is small enough.

    Raises:
        NoProposal: there is none.
        MalformedGraph: the ledger holds what is no graph.
    """
    for individual in parents:
        for parent in readable(individual):
            if parent.tree.size <= most_nodes:
                return individual, parent
    raise NoProposal(f"none of {len(parents)} parents has {most_nodes} nodes or less")


@lru_cache(maxsize=4096)  # a parent is chosen again and again
def _read(text: str) -> tuple[Tree, str] | None:
    graph = Graph.from_json(text)
    return (tree_of(graph), graph.digest()) if size_as_tree(graph) <= LARGEST else None
