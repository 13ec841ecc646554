"""The fixed training procedure: one value, the same for every candidate of a round."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import Any

from fitness.errors import FitnessError, unknown

_COUNTS = (
    "width",
    "hidden_layers",
    "steps",
    "seeds",
    "training_points",
    "validation_points",
    "ood_points",
)
_LARGEST_COUNT = 100_000
# On a GPU a step costs its launches, however small the nets: 25 for a whole batch, and 18 more for
# each of its candidates. Sixteen leave little to share; and what waits to be told of teaches no
# search. On a CPU the arithmetic is what costs.
_TOGETHER = {"cpu": 1, "cuda": 16}


@dataclass(frozen=True)
class Recipe:
    """How every net is built and trained; full batch, warm-up, then a cosine to zero.

    Attributes:
        width: units of each hidden layer.
        hidden_layers: layers that end in an activation.
        steps: optimiser steps, each over all training points.
        seeds: nets per learning rate; each seed has its own points and its own initial noise.
        learning_rates: the grid that every activation is tuned on, ascending. The learning rate
            is the largest confound of all (FITNESS.md, trap 1), so one rate is refused.
        warm_up: steps of linear warm-up.
        clip: the longest gradient of a net, in Euclidean norm.
        training_points: in-distribution points trained on, a seed.
        validation_points: in-distribution points held back, a seed; they choose the rate.
        ood_points: points after the shift, a seed.
        placement: the hidden layers that end in the candidate: "all", "first" or "layer k",
            counted from 1; the others end in another activation.
        optimiser: "adam", or "sgd" with momentum.
        device: "cpu" or "cuda".

    Raises:
        FitnessError: a field is out of range.
    """

    width: int = 32
    hidden_layers: int = 2
    steps: int = 400
    seeds: int = 4
    learning_rates: tuple[float, ...] = (1e-2, 3e-2, 1e-1, 3e-1)
    warm_up: int = 20
    clip: float = 1.0
    training_points: int = 192
    validation_points: int = 256
    ood_points: int = 512
    placement: str = "all"
    optimiser: str = "adam"
    device: str = "cpu"

    def __post_init__(self) -> None:
        sizes = asdict(self)
        for name in _COUNTS:
            _demand(name, sizes[name], 1 <= sizes[name] <= _LARGEST_COUNT, f"1 to {_LARGEST_COUNT}")
        _demand("training_points", self.training_points, self.training_points >= 2, "at least 2")
        _demand("warm_up", self.warm_up, 0 <= self.warm_up < self.steps, "0 or more, below steps")
        _demand("clip", self.clip, math.isfinite(self.clip) and self.clip > 0, "a positive number")
        rates = self.learning_rates
        sound = all(math.isfinite(rate) and rate > 0 for rate in rates)
        ascending = all(low < high for low, high in pairwise(rates))
        wanted = "two or more positive rates, ascending"
        _demand("learning_rates", rates, len(rates) >= 2 and sound and ascending, wanted)
        places = ["all", "first", *(f"layer {k + 1}" for k in range(self.hidden_layers))]
        _demand("placement", self.placement, self.placement in places, f"one of {places}")
        _demand("optimiser", self.optimiser, self.optimiser in {"adam", "sgd"}, "adam or sgd")
        _demand("device", self.device, self.device in {"cpu", "cuda"}, "cpu or cuda")

    def places(self, layer: int) -> bool:
        """Whether the hidden layer, counted from 0, ends in the candidate."""
        only = "layer 1" if self.placement == "first" else self.placement
        return only in ("all", f"layer {layer + 1}")

    @property
    def together(self) -> int:
        """Candidates that a worker trains in one batch, at most."""
        return _TOGETHER[self.device]

    def learning_rate_factor(self, step: int) -> float:
        """Share of the learning rate at a step in [0, steps): linear warm-up times a cosine."""
        warm = min(1.0, (step + 1) / (self.warm_up + 1))
        return warm * 0.5 * (1.0 + math.cos(math.pi * step / self.steps))

    def to_json(self) -> dict[str, Any]:
        """The recipe as plain JSON values."""
        return {**asdict(self), "learning_rates": list(self.learning_rates)}

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> Recipe:
        """The recipe that `to_json` wrote; fields left out keep their defaults.

        Raises:
            FitnessError: a field is unknown, of the wrong type or out of range.
        """
        kinds = {field.name: type(field.default) for field in fields(cls)}
        for name, value in table.items():
            if name not in kinds:
                raise unknown("recipe field", name, kinds)
            _demand(name, value, _is_like(value, kinds[name]), f"a {kinds[name].__name__}")
        rates = table.get("learning_rates", cls.learning_rates)
        return cls(**{**table, "learning_rates": tuple(rates)})


def _is_like(value: object, kind: type) -> bool:
    if isinstance(value, bool):
        return False
    if kind is tuple:
        return isinstance(value, list | tuple) and all(_is_like(each, float) for each in value)
    return isinstance(value, (int, float) if kind is float else kind)


def _demand(name: str, value: object, holds: bool, wanted: str) -> None:  # noqa: FBT001
    if not holds:
        raise FitnessError(f"recipe: {name} is {value!r}, but must be {wanted}")
