"""Textbook activations, one after another: the founders of every run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from evolve.errors import NoProposal
from evolve.records import Proposal, Selection


class Founders:
    """Proposes the founder whose turn the step is; founders have no parents."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        """Takes the founders' program texts by name, in their order."""
        self._sources = tuple(sources.items())

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """The founder number `selection.step`."""
        if selection.step >= len(self._sources):
            raise NoProposal(f"all {len(self._sources)} founders have had their turn")
        name, source = self._sources[selection.step]
        return Proposal(source, note=name)
