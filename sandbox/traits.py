"""Traits: what a function looks like."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Traits:
    """What a function looks like at the initial values of its parameters.

    Attributes:
        even: f(-x) = f(x).
        odd: f(-x) = -f(x).
        monotone: f rises everywhere, or falls everywhere.
        bounded: f stays within bounds out to |x| = 1e3.
        zero_at_zero: f(0) = 0.
        lipschitz: the largest |f'| on [-20, 20].
        second_moment: E f(z)^2 for z ~ N(0, 1).
        gain: 1 / sqrt(second_moment), the scale that keeps variance through a layer.
        curvature_sign_changes: how often f'' changes its sign on [-5, 5].
        left_slope: the mean slope of f between -1e3 and -500.
        right_slope: the mean slope of f between 500 and 1e3.
        bfloat16: f is finite in bfloat16 out to |x| = 1e3.
    """

    even: bool
    odd: bool
    monotone: bool
    bounded: bool
    zero_at_zero: bool
    lipschitz: float
    second_moment: float
    gain: float
    curvature_sign_changes: int
    left_slope: float
    right_slope: float
    bfloat16: bool

    def numbers(self) -> dict[str, float]:
        """Every trait by its name as a float; claims as 0 and 1."""
        return {name: float(value) for name, value in asdict(self).items()}
