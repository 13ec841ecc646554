"""Members of the fixed space of Ramachandran et al.: varied, drawn blindly, or in turn."""

from __future__ import annotations

from functools import cache

import numpy as np

from evolve.errors import NoProposal
from evolve.records import Proposal, Selection
from evolve.spaces.ramachandran import (
    Units,
    draw,
    graph_of,
    member,
    redrawn,
    single_units,
    source,
)

DRAWS = 100  # for a member that will be admitted; about every second one would be
FRESH, ONE_SLOT = 0.25, 0.50  # of the proposals; the others redraw two slots


class Ramachandran:
    """Redraws one or two slots of a parent from this space, or draws a fresh member of it."""

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """A member of the space; the parent is the first of the selection that comes from it.

        Raises:
            NoProposal: no draw gave a member that would be admitted.
        """
        members = ((each, member(each)) for each in selection.parents)
        parent, units = next(((each, found) for each, found in members if found), (None, ()))
        for _ in range(DRAWS):
            chance = rng.random()
            if parent is None or chance < FRESH:
                if graph_of(child := draw(rng)):
                    return Proposal(source(child), note="fresh")
                continue
            slots = 1 if chance < FRESH + ONE_SLOT else 2
            child = units
            for _ in range(slots):
                child = redrawn(child, rng)
            if child != units and graph_of(child):
                note = f"redrew {slots} slot(s)"
                return Proposal(source(child), parents=(parent.program.id,), note=note)
        raise NoProposal(f"{DRAWS} draws gave no member of the space that would be admitted")


class CoreUnits:
    """Every function of one core unit in turn: the search of this space to its end.

    The turn is the step's. Steps that founders and promotions took are made up for in the second
    round, in which all the others are duplicates: nothing is trained twice.
    """

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """The member whose turn the step is, in an order that mixes the operators."""
        members = _admissible()
        return Proposal(source(members[selection.step % len(members)]), note="in turn")


@cache
def _admissible() -> tuple[Units, ...]:
    """The members of one unit that will be admitted, each function once; takes two seconds."""
    by_digest: dict[str, Units] = {}
    for units in single_units():
        graph = graph_of(units)
        if graph is not None:
            by_digest.setdefault(graph.digest(), units)
    mixed = np.random.default_rng(0).permutation(len(by_digest))
    every = list(by_digest.values())
    return tuple(every[index] for index in mixed)
