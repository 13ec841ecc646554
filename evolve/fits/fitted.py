"""What a fit gives, whichever system made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """Formulas and what they are worth.

    Attributes:
        system: who made them.
        formulas: output -> formula; of classes, the largest value decides.
        measure: what `learned` and `held` are: R^2, or accuracy.
        learned: on the rows that were learned from.
        held: on the rows that were held out.
        parameters: numbers in all formulas together.
        complexity: nodes of a formula in SymPy's preorder, a mean over outputs.
        notes: what else there is to say, a name and a text each.
    """

    system: str
    formulas: Mapping[str, str]
    measure: str
    learned: float
    held: float
    parameters: int
    complexity: float
    notes: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """All of it, for machines."""
        return asdict(self)


def measured(answers: Rows, targets: Rows, *, classes: bool) -> float:
    """R^2 = 1 - squared error / variance; of classes the share whose largest answer is right.

    Args:
        answers: [rows, outputs].
        targets: [rows, outputs].
        classes: whether outputs are classes; one output then is the second of two.
    """
    if classes:
        return float(np.mean(answers.argmax(axis=1) == targets.argmax(axis=1)))
    spread = float(np.sum((targets - targets.mean(axis=0)) ** 2))
    return 1.0 - float(np.sum((answers - targets) ** 2)) / spread if spread else float("nan")
