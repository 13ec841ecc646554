"""The Pareto front: what nothing else beats in distribution, out of it, and in cost at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.records import Individual

Points: TypeAlias = npt.NDArray[np.float64]

_INSIDE = "/none"  # how the key of an in-distribution gain ends


def objectives(individual: Individual) -> tuple[float, float, float]:
    """Mean gain in distribution, mean gain out of it, and minus the FLOPs: more is better."""
    gains = individual.evaluation.gains
    inside = [gain for key, gain in gains.items() if key.endswith(_INSIDE)]
    outside = [gain for key, gain in gains.items() if not key.endswith(_INSIDE)]
    return _mean(inside), _mean(outside), -individual.admission.flops


def dominates(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether `one` is nowhere worse than `other`, and somewhere better."""
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


@dataclass
class Front:
    """Individuals that no other dominates, of all that were ever added."""

    members: dict[str, Individual] = field(default_factory=dict)
    _points: Points = field(default_factory=lambda: np.empty((0, 3)), compare=False)

    def add(self, newcomer: Individual) -> None:
        """Takes `newcomer` in if no member dominates it, and lets go of those it dominates."""
        point = np.array(objectives(newcomer))
        if (self._points >= point).all(axis=1).any():
            return
        beaten = (self._points <= point).all(axis=1)
        if beaten.any():
            members = list(self.members.values())
            kept = [members[place] for place in np.flatnonzero(~beaten)]
            self.members = {each.program.id: each for each in kept}
        self._points = np.vstack([self._points[~beaten], point])
        self.members[newcomer.program.id] = newcomer

    def remeasure(self, individual: Individual) -> None:
        """Moves a member to where a fresh measurement puts it.

        Whom it had displaced by luck does not come back: a front is a fold like all else.
        """
        if individual.program.id in self.members:
            place = [*self.members].index(individual.program.id)
            del self.members[individual.program.id]
            self._points = np.delete(self._points, place, axis=0)
            self.add(individual)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
