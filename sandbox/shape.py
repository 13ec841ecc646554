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
    scale = _TINY * (1 + np.abs(values).max())
    moment = float(_DENSITY @ values**2)
    low, low_end, high_end, high = far[0], far[1], far[-2], far[-1]
    return Traits(
        even=bool(np.abs(values - values[::-1]).max() < scale),
        odd=bool(np.abs(values + values[::-1]).max() < scale),
        monotone=bool((slopes >= -_TINY).all() or (slopes <= _TINY).all()),
        bounded=_is_bounded(values, far),
        zero_at_zero=bool(abs(values[len(values) // 2]) < scale),
        lipschitz=float(np.abs(slopes).max()),
        second_moment=moment,
        gain=moment**-0.5 if moment > 0 else 1.0,
        curvature_sign_changes=_sign_changes(slopes[CORE]),
        left_slope=float((low_end - low) / (FAR[1] - FAR[0])),
        right_slope=float((high - high_end) / (FAR[-1] - FAR[-2])),
        bfloat16=probe.bfloat16,
    )


def _is_bounded(values: Row, far: Row) -> bool:
    """Whether the farthest values exceed all nearer ones by no more than an approach to a limit."""
    nearer = max(np.abs(values).max(), np.abs(far[2:-2]).max())
    return bool(max(abs(far[0]), abs(far[-1])) <= 1.05 * nearer + _TINY)


def _sign_changes(slopes: Row) -> int:
    bends = np.diff(slopes)
    signs = np.sign(bends[np.abs(bends) > 1e-6 * (1 + np.abs(slopes).max())])
    return int((signs[1:] != signs[:-1]).sum())
