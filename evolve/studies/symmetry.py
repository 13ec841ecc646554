"""Whether an even activation helps where inputs are exchangeable, and why (arXiv:2011.11713)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from jaxtyping import Float64

from evolve.contest import FRESH_ROUND
from evolve.report.sheets import Sheet
from evolve.report.statistics import mean
from evolve.studies.losses import observed
from evolve.studies.study import Claim, Found, Given, Study, decided, lacking, rule
from fitness.baselines import TIER_1
from fitness.comparison import tune
from fitness.exam import Exam, draw
from fitness.losses import Losses
from fitness.recipe import Recipe
from fitness.suites import Split
from fitness.tasks.formula import Formula, FormulaTask
from fitness.tasks.regions import Points, cube, shell

BASE = "ReLU"
_ABSOLUTE = "import torch\n\n\ndef activation(x):\n    return torch.abs(x)\n"
_LOPSIDED = """import torch


def activation(x):
    return torch.log1p(torch.square(x)) * (1.0 + 0.5 * torch.tanh(x))
"""
PROGRAMS = {
    BASE: TIER_1[BASE],
    "Seagull": TIER_1["Seagull"],
    "lopsided": _LOPSIDED,
    "absolute": _ABSOLUTE,
    "Softplus": TIER_1["Softplus"],
}
CELLS = [
    (BASE, 1), ("Seagull", 1), ("Seagull", 2), ("Seagull", 3), ("lopsided", 1), ("absolute", 1),
    ("Softplus", 1),
]  # fmt: skip
"""Program and hidden layer; the other two layers have the base."""

Vectors = tuple[Points, Points, Points]


@dataclass(frozen=True)
class Size:
    """Nets of a target and learning rate, and how they are trained."""

    seeds: int
    steps: int
    points: int


def _squares(w: Points) -> Any:
    return np.square(w).sum(axis=1)


_EXCHANGEABLE: Mapping[str, Callable[[Points, Points, Points], Any]] = {
    "sum sin(2 u v) + |w|^2": lambda u, v, w: np.sin(2 * u * v).sum(axis=1) + _squares(w),
    "|u - v| (1 + w1)": lambda u, v, w: np.sqrt(_squares(u - v)) * (1 + w[:, 0]),
    "cos(2 u.v) + w2 log(1 + |u + v|^2)": lambda u, v, w: (
        np.cos(2 * (u * v).sum(axis=1)) + w[:, 1] * np.log1p(_squares(u + v))
    ),
}
_CONTROLS: Mapping[str, Callable[[Points, Points, Points], Any]] = {
    "(u x v)_1 + |w|^2, antisymmetric": lambda u, v, w: (
        u[:, 1] * v[:, 2] - u[:, 2] * v[:, 1] + _squares(w)
    ),
    "exp(u1) sin(2 v2) + tanh(3 w3 + u2), no symmetry": lambda u, v, w: (
        np.exp(u[:, 0]) * np.sin(2 * v[:, 1]) + np.tanh(3 * w[:, 2] + u[:, 1])
    ),
}


def _formula(target: Callable[[Points, Points, Points], Any]) -> Formula:
    return lambda points, _: np.asarray(target(points[:, :3], points[:, 3:6], points[:, 6:]))


@cache
def _exam(size: Size) -> Exam:
    """All targets on [-1, 1]^9; what lies beyond is asked for and not used."""
    targets = {**_EXCHANGEABLE, **_CONTROLS}
    tasks = tuple(
        FormulaTask(name, "symmetry", "wider", 9, cube(-1, 1, 9), shell(1, 1.5, 9), _formula(each))
        for name, each in targets.items()
    )
    return draw(Split("symmetry", "all", tasks), _recipe(size, 1), FRESH_ROUND)


def _recipe(size: Size, layer: int) -> Recipe:
    return Recipe(
        width=48, hidden_layers=3, placement=f"layer {layer}", steps=size.steps, seeds=size.seeds,
        training_points=size.points,
    )  # fmt: skip


def _plan(size: Size, given: Given) -> Mapping[str, Callable[[], Any]]:
    return {_key(*cell): partial(_trained, size, *cell) for cell in CELLS}


def _key(name: str, layer: int) -> str:
    return f"{name} at {layer}"


def _trained(size: Size, name: str, layer: int) -> Any:
    return observed(_exam(size), PROGRAMS[name], _recipe(size, layer), PROGRAMS[BASE])


def _gains(found: Found, cell: tuple[str, int]) -> Float64[np.ndarray, "tasks seeds"]:
    """Log10 of the base's error over the cell's, on points like those that were trained on."""
    own, base = (
        np.stack([tune(task).inside for task in Losses.from_json(found[_key(*each)]).tasks])
        for each in (cell, CELLS[0])
    )
    return np.asarray(base - own)


def _exchangeable(found: Found, name: str, layer: int = 1) -> Float64[np.ndarray, " seeds"]:
    return np.asarray(_gains(found, (name, layer))[: len(_EXCHANGEABLE)].mean(axis=0))


def _controls(found: Found, name: str) -> Float64[np.ndarray, " seeds"]:
    return np.asarray(_gains(found, (name, 1))[len(_EXCHANGEABLE) :].mean(axis=0))


def _first_over_later(found: Found) -> Any:
    later = [_exchangeable(found, "Seagull", layer) for layer in (2, 3)]
    return _exchangeable(found, "Seagull") - np.maximum(*later)


def _sheets(found: Found) -> Sequence[Sheet]:
    targets = (*_EXCHANGEABLE, *_CONTROLS)
    rows = tuple(
        (_key(*cell), *(str(mean(gains)) for gains in _gains(found, cell))) for cell in CELLS[1:]
    )
    remark = (
        f"Log10 of the error of three layers of {BASE} over that of the net in which one layer is "
        "replaced; mean and 95 % interval over seeds. Exchangeable targets first."
    )
    return [Sheet("Gain by target", remark, ("activation and layer", *targets), rows)]


def _claim(says: str, source: str, measured: str, effect: Callable[[Found], Any]) -> Claim:
    return Claim(says, source, rule(measured), lambda found: decided(mean(effect(found))))


STUDY = Study(
    name="symmetry",
    version=1,
    title="Does an even activation help where inputs are exchangeable, and because it is even?",
    paper="A Use of Even Activation Functions in Neural Networks, arXiv:2011.11713 (2301.06635)",
    method=(
        "Targets f(u, v, w) of three vectors in R^3, uniform on [-1, 1]^9: three with f(u, v, w) = "
        "f(v, u, w), and two controls, one antisymmetric (and quadratic), one without symmetry "
        "(and not quadratic). Nets 9-48-48-48-1 of ReLU, in which one layer is replaced. Seagull "
        "log(1 + x^2) is even and quadratic near 0; `lopsided`, log(1 + x^2)(1 + tanh(x)/2), is as "
        "quadratic and not even; `absolute`, |x|, is even and not quadratic; Softplus is smooth "
        "and neither. The paper's formulas, ranges and tables are not known to us. An effect is "
        "the mean over targets of log10 of error, seed by seed on the same points; its interval "
        "is over seeds, for these very targets."
    ),
    claims=(
        _claim(
            "An even activation in one layer improves the fit of exchangeable functions "
            "substantially.",
            "abstract, 2020",
            "Gain of Seagull at layer 1 on exchangeable targets",
            lambda found: _exchangeable(found, "Seagull"),
        ),
        _claim(
            "It reduces the error by an order of magnitude.",
            "abstract, 2023",
            "The same gain, less 1",
            lambda found: _exchangeable(found, "Seagull") - 1.0,
        ),
        _claim(
            "It belongs into the layer in which the exchangeable variables are first connected.",
            "abstract, 2023",
            "Gain of Seagull at layer 1 less the larger of those at layers 2 and 3",
            _first_over_later,
        ),
        _claim(
            "It helps because of the exchangeability.",
            "title and abstract, 2020",
            "Gain of Seagull at layer 1 on exchangeable targets less that on the controls",
            lambda found: _exchangeable(found, "Seagull") - _controls(found, "Seagull"),
        ),
        _claim(
            "It helps because it is even.",
            "title and abstract, 2020",
            "Gain of Seagull at layer 1 on exchangeable targets less that of lopsided",
            lambda found: _exchangeable(found, "Seagull") - _exchangeable(found, "lopsided"),
        ),
        _claim(
            "Any even activation helps, quadratic near 0 or not.",
            "implied by the title",
            "Gain of absolute at layer 1 on exchangeable targets",
            lambda found: _exchangeable(found, "absolute"),
        ),
        Claim(
            "Nets on CIFAR-10 whose images may be flipped gain by it.",
            "abstract, 2023; size not found",
            "None: not tested.",
            lacking("wants CIFAR-10 (cs.toronto.edu/~kriz/cifar.html) and a convolutional net"),
        ),
    ),
    full=Size(seeds=10, steps=1000, points=512),
    quick=Size(seeds=4, steps=60, points=256),
    plan=_plan,
    sheets=_sheets,
)  # fmt: skip
