"""How unlike its neighbours a function behaves (Lehman & Stanley 2011, novelty search)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_NEIGHBOURS = 5


def novelty(behaviours: Sequence[Sequence[float]]) -> npt.NDArray[np.float64]:
    """The mean distance of each behaviour to its five nearest among the others; 0 if it is alone.

    Args:
        behaviours: [functions, points], the functions' values, centred and scaled.
    """
    points = np.array(behaviours, dtype=np.float64)
    count = len(points)
    if count < 2:
        return np.zeros(count)
    squares = (points**2).sum(axis=1)
    distances = squares[:, np.newaxis] + squares - 2 * points @ points.T
    np.fill_diagonal(distances, np.inf)
    nearest = min(_NEIGHBOURS, count - 1)
    closest = np.partition(distances, nearest - 1, axis=1)[:, :nearest]
    mean: npt.NDArray[np.float64] = np.sqrt(np.maximum(closest, 0.0)).mean(axis=1)
    return mean
