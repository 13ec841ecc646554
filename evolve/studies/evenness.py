"""Searches for one layer of a net, that symmetry may reward: how even is what they find?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from evolve.report.sheets import Sheet
from evolve.report.statistics import mean
from evolve.studies.searches import Search, searched, suite
from evolve.studies.study import Found, Given

EQUAL, UNEQUAL = ("SINES", "DISTANCE", "ANGLE"), ("UNEQUAL",)
CONTROL = "layer 1 without symmetry"
SEARCHES = {
    "layer 1": (1, EQUAL), "layer 2": (2, EQUAL), "layer 3": (3, EQUAL),
    CONTROL: (1, UNEQUAL),
}  # fmt: skip
"""The hidden layer in which a search's candidates stand, and its targets by name."""

FOUNDERS = ("ReLU", "GELU", "Tanh", "Softplus")
"""Of searches: none is even."""

EVEN = 0.99
"""Of a function that is called even, at least so much of how it varies."""

WIDTH, LAYERS = 48, 3


def plan(size: Search, given: Given) -> Mapping[str, Callable[[], Any]]:
    """What every search finds, and how even it is."""
    return {
        f"search {name}, {seed}": partial(_sought, size, given, name, seed)
        for seed in range(size.repeats)
        for name in SEARCHES
    }


def _finds(found: Found, name: str) -> list[Any]:
    return [each for key, each in found.items() if key.rpartition(", ")[0] == f"search {name}"]


def of(found: Found, name: str) -> list[float]:
    """The evenness of what each search found."""
    return [each["evenness"] for each in _finds(found, name)]


def sheet(found: Found) -> Sheet:
    """How often, where, and how even."""
    rows = tuple(
        (
            name,
            f"{sum(each >= EVEN for each in of(found, name))} of {len(of(found, name))}",
            mean(of(found, name)).unsigned(2),
            str(mean([each["fitness"] for each in _finds(found, name)])),
        )
        for name in SEARCHES
    )
    remark = (
        "What searches believed in most. Evenness: the even part's share in how a function "
        f"varies, 0.27 of ReLU's; even from {EVEN} on. Gain: over GELU in that layer, as the "
        "search saw it. Means and 95 % intervals over searches."
    )
    columns = ("candidates in", "even", "evenness", "gain")
    return Sheet("Does a search find an even function by itself?", remark, columns, rows)


def _sought(size: Search, given: Given, name: str, seed: int) -> Any:
    """What a search by gains on targets like those that it trains on found for one layer."""
    layer, targets = SEARCHES[name]
    path = given.folder / f"{'-'.join(targets).lower()}.toml"
    uses = [{"split": "search", "use": f"evolve.studies.targets:{each}"} for each in targets]
    found = searched(
        given, size, suite(path, uses, 0.0), name.replace(" ", "-"), seed,
        f"fitness.width={WIDTH}", f"fitness.hidden_layers={LAYERS}",
        f"fitness.placement='layer {layer}'", f"fitness.elsewhere={FOUNDERS[0]!r}",
        f"search.founders={list(FOUNDERS)}",
    )  # fmt: skip
    return {**found, "evenness": evenness(found["program"])}


def evenness(program: str) -> float:
    """The even part's share in how a function varies under a normal law: 1 is even, 0 odd."""
    from torch import linspace

    from evolve.studies.nets import Pointwise

    points = linspace(0.01, 4.0, 400)
    weights = np.exp(-np.square(points.numpy()) / 2)
    right, left = (Pointwise(program)(each).numpy() for each in (points, -points))
    even, odd = (right + left) / 2, (right - left) / 2
    varied = np.average(np.square(even - np.average(even, weights=weights)), weights=weights)
    return float(varied / (varied + np.average(np.square(odd), weights=weights)))
