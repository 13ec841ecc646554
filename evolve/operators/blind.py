"""Any operator asked for a program out of nothing: the control that tells what evolution adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evolve.protocols import Operator
from evolve.records import Proposal, Selection


@dataclass(frozen=True)
class Blind:
    """Hides parents, inspirations and scores from an operator, which then draws or invents."""

    operator: Operator

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """What the operator makes of an empty selection.

        Raises:
            NoProposal: it needs something to vary.
        """
        return self.operator.propose(Selection(selection.step, selection.island), rng)
