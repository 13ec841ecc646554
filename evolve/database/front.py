"""The Pareto front: what nothing else beats in distribution, out of it, and in cost at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from evolve.records import Individual

Point: TypeAlias = tuple[float, float, float]

_INSIDE = "/none"  # how the key of an in-distribution gain ends


def objectives(individual: Individual) -> Point:
    """Mean gain in distribution, mean gain out of it, and minus the FLOPs: more is better."""
    inside, outside = list[float](), list[float]()
    for key, gain in individual.evaluation.gains.items():
        (inside if key.endswith(_INSIDE) else outside).append(gain)
    return _mean(inside), _mean(outside), -individual.admission.flops


def dominates(one: Point, other: Point) -> bool:
    """Whether `one` is nowhere worse than `other`, and somewhere better."""
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


@dataclass
class Front:
    """Individuals that no other dominates, of all that were ever added."""

    members: dict[str, Individual] = field(default_factory=dict)
    _points: dict[str, Point] = field(default_factory=dict, compare=False)

    def add(self, newcomer: Individual) -> None:
        """Takes `newcomer` in if no member dominates it, and lets go of those it dominates."""
        point = a, b, c = objectives(newcomer)
        if any(x >= a and y >= b and z >= c for x, y, z in self._points.values()):
            return
        beaten = [name for name, other in self._points.items() if dominates(point, other)]
        for name in beaten:
            del self.members[name], self._points[name]
        self.members[newcomer.program.id], self._points[newcomer.program.id] = newcomer, point

    def remeasure(self, individual: Individual) -> None:
        """Moves a member to where a fresh measurement puts it.

        Whom it had displaced by luck does not come back: a front is a fold like all else.
        """
        name = individual.program.id
        if name in self.members:
            del self.members[name], self._points[name]
            self.add(individual)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
