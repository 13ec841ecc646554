"""Blind draws from the grammar: the control that every language model has to beat."""

from __future__ import annotations

import numpy as np

from evolve.grammar import draw
from evolve.records import Proposal, Selection


class Random:
    """Proposes sentences of the grammar at random; looks at no parent."""

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """A blind draw: `selection` plays no part in it."""
        return Proposal(draw(rng), note="a blind draw from the grammar")
