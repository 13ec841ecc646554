"""Traits measured on the probe's points."""

from __future__ import annotations

import numpy as np

from sandbox.probe import CORE, FAR, GRID, Probe, Row
from sandbox.traits import Traits

_DENSITY: Row = np.exp(-0.5 * GRID**2)
_DENSITY /= _DENSITY.sum()  # an even grid is a quadrature of high order for a smooth f
_TINY = 1e-9


def measure_traits(probe: Probe) -> Traits:
    """The traits of a probed function."""
    values, slopes, far = probe.values, probe.slopes, probe.far
    mirrored = values[::-1]
    scale = _TINY * (1 + probe.largest)
    moment = float(_DENSITY @ (values * values))
    low, low_end, high_end, high = far[0], far[1], far[-2], far[-1]
    return Traits(
        even=bool(np.abs(values - mirrored).max() < scale),
        odd=bool(np.abs(values + mirrored).max() < scale),
        monotone=bool(slopes.min() >= -_TINY or slopes.max() <= _TINY),
        bounded=_is_bounded(probe),
        zero_at_zero=bool(abs(values[len(values) // 2]) < scale),
        lipschitz=probe.steepest,
        second_moment=moment,
        gain=moment**-0.5 if moment > 0 else 1.0,
        curvature_sign_changes=_sign_changes(slopes[CORE]),
        left_slope=float((low_end - low) / (FAR[1] - FAR[0])),
        right_slope=float((high - high_end) / (FAR[-1] - FAR[-2])),
        bfloat16=probe.bfloat16,
    )


def _is_bounded(probe: Probe) -> bool:
    """Whether the farthest values exceed all nearer ones by no more than an approach to a limit."""
    far = np.abs(probe.far)
    nearer = max(probe.largest, far[2:-2].max())
    return bool(max(far[0], far[-1]) <= 1.05 * nearer + _TINY)


def _sign_changes(slopes: Row) -> int:
    bends = slopes[1:] - slopes[:-1]
    signs = np.sign(bends[np.abs(bends) > 1e-6 * (1 + np.abs(slopes).max())])
    return int(np.count_nonzero(signs[1:] != signs[:-1]))
