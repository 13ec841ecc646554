"""How a program behaves, before any training: its place in behaviour space, its traits in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from evolve.records import Admission, Descriptor

Axis = Callable[[Admission, float], float]
"""Admission and FLOP budget -> coordinate in [0, 1]."""

CLAIMS = ("even", "odd", "monotone", "bounded", "zero_at_zero", "bfloat16")
"""Traits that hold or do not; the others are numbers."""

_MOST_BENDS, _MOST_PARAMETERS = 8, 4


def describe(admission: Admission, axes: tuple[str, ...], flop_budget: float) -> Descriptor:
    """The coordinates of a program on the named axes, which are keys of AXES."""
    return tuple(AXES[name](admission, flop_budget) for name in axes)


def in_words(traits: Mapping[str, float], digits: int) -> str:
    """The claims that hold, then the numbers with so many significant digits."""
    holds = [name for name in CLAIMS if traits.get(name)]
    numbers = [f"{name} {v:.{digits}g}" for name, v in traits.items() if name not in CLAIMS]
    return ", ".join([*holds, *numbers]).replace("_", " ")


def _cost(admission: Admission, flop_budget: float) -> float:
    return min(1.0, admission.flops / flop_budget)


def _growth(admission: Admission, _: float) -> float:
    left, right = _slopes(admission)
    return _squashed((left + right) / 2)  # tanh 0, ReLU 1/3, Snake 1/2, square 1


def _bends(admission: Admission, _: float) -> float:
    changes = admission.traits.get("curvature_sign_changes", 0.0)
    return min(changes, _MOST_BENDS) / _MOST_BENDS


def _steepness(admission: Admission, _: float) -> float:
    return _squashed(admission.traits.get("lipschitz", 0.0))


def _lopsidedness(admission: Admission, _: float) -> float:
    left, right = _slopes(admission)
    return 0.0 if left == right else abs(_squashed(left) - _squashed(right))


def _trainability(admission: Admission, _: float) -> float:
    return min(1.0, admission.parameters / _MOST_PARAMETERS)


def _slopes(admission: Admission) -> tuple[float, float]:
    traits = admission.traits
    return abs(traits.get("left_slope", 0.0)), abs(traits.get("right_slope", 0.0))


def _squashed(slope: float) -> float:
    return 1.0 - 1.0 / (1.0 + slope)


AXES: Mapping[str, Axis] = MappingProxyType(
    {
        "cost": _cost,  # share of the FLOP budget
        "growth": _growth,  # how steep the function is far from zero
        "bends": _bends,  # how often the second derivative changes its sign
        "steepness": _steepness,  # the largest slope anywhere
        "lopsidedness": _lopsidedness,  # how much the two far sides differ
        "trainability": _trainability,  # trainable scalars
    }
)
