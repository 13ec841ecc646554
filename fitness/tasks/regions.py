"""Where points come from: cubes, shells around them, caps of a sphere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Float64
from numpy.typing import NDArray

Points: TypeAlias = Float64[np.ndarray, "points features"]
Region: TypeAlias = Callable[[int, np.random.Generator], Points]
"""(how many, rng) -> that many points, uniform on the region."""


def cube(low: float, high: float, features: int) -> Region:
    """[low, high]^features."""
    return lambda count, rng: rng.uniform(low, high, (count, features))


def shell(inner: float, outer: float, features: int) -> Region:
    """[-outer, outer]^features without [-inner, inner]^features."""

    def outside(points: Points) -> Bool[np.ndarray, " points"]:
        return np.asarray(np.abs(points).max(axis=1) > inner)

    return _kept(cube(-outer, outer, features), outside)


def sphere_cap(edge: float, *, above: bool) -> Region:
    """The part of the unit sphere whose third coordinate lies above the edge, or below it."""

    def inside(points: Points) -> Bool[np.ndarray, " points"]:
        return points[:, 2] > edge if above else points[:, 2] < edge

    return _kept(_sphere, inside)


def columns(points: Points) -> tuple[NDArray[np.float64], ...]:
    """The features one by one, each [points]."""
    return tuple(np.ascontiguousarray(points.T))


def _sphere(count: int, rng: np.random.Generator) -> Points:
    points = rng.standard_normal((count, 3))
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True))


def _kept(region: Region, belongs: Callable[[Points], Bool[np.ndarray, " points"]]) -> Region:
    """The region's points that belong, by rejection: the region must not be nearly empty."""

    def draw(count: int, rng: np.random.Generator) -> Points:
        kept = region(count, rng)
        kept = kept[belongs(kept)]
        while len(kept) < count:
            more = region(count, rng)
            kept = np.concatenate([kept, more[belongs(more)]])
        return kept[:count]

    return draw
