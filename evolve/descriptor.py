"""Where in behaviour space a program lies: what it costs, how it grows, how often it bends."""

from __future__ import annotations

from evolve.records import Descriptor

_MOST_BENDS = 8


def describe(
    cost: float, left_slope: float, right_slope: float, curvature_sign_changes: int
) -> Descriptor:
    """Three coordinates in [0, 1].

    Args:
        cost: share of the FLOP budget, in [0, 1].
        left_slope: of the function far to the left; infinite where it grows faster than a line.
        right_slope: the same, far to the right.
        curvature_sign_changes: how often the second derivative changes its sign.
    """
    slope = (abs(left_slope) + abs(right_slope)) / 2
    growth = 1.0 - 1.0 / (1.0 + slope)  # tanh 0, ReLU 1/3, Snake 1/2, square 1
    bends = min(curvature_sign_changes, _MOST_BENDS) / _MOST_BENDS
    return (min(1.0, cost), growth, bends)
