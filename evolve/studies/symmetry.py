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
from evolve.report.statistics import contrast, mean
from evolve.studies import evenness, mirrored
from evolve.studies.evenness import LAYERS, WIDTH
from evolve.studies.losses import observed
from evolve.studies.searches import Search
from evolve.studies.study import Claim, Found, Given, Study, decided, lacking, rule
from evolve.studies.targets import CONTROLS, EXCHANGEABLE
from fitness.baselines import TIER_1
from fitness.comparison import tune
from fitness.exam import Exam, draw
from fitness.losses import Losses
from fitness.recipe import Recipe
from fitness.suites import Split

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


@dataclass(frozen=True)
class Size:
    """How large it is.

    Attributes:
        seeds: nets of a target and learning rate.
        steps: how long they are trained.
        points: on so many.
        splits: of the images.
        epochs: passes over them.
        search: searches of a kind.
    """

    seeds: int
    steps: int
    points: int
    splits: int
    epochs: int
    search: Search


@cache
def _exam(size: Size) -> Exam:
    """All targets."""
    tasks = (*EXCHANGEABLE, *CONTROLS)
    return draw(Split("symmetry", "all", tasks), _recipe(size, 1), FRESH_ROUND)


def _recipe(size: Size, layer: int) -> Recipe:
    return Recipe(
        width=WIDTH, hidden_layers=LAYERS, placement=f"layer {layer}", steps=size.steps,
        seeds=size.seeds, training_points=size.points,
    )  # fmt: skip


def _plan(size: Size, given: Given) -> Mapping[str, Callable[[], Any]]:
    trained = {_key(*cell): partial(_trained, size, *cell) for cell in CELLS}
    images = mirrored.plan(size.splits, size.epochs)
    return {**trained, **images, **evenness.plan(size.search, given)}


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
    return np.asarray(_gains(found, (name, layer))[: len(EXCHANGEABLE)].mean(axis=0))


def _controls(found: Found, name: str) -> Float64[np.ndarray, " seeds"]:
    return np.asarray(_gains(found, (name, 1))[len(EXCHANGEABLE) :].mean(axis=0))


def _first_over_later(found: Found) -> Any:
    later = [_exchangeable(found, "Seagull", layer) for layer in (2, 3)]
    return _exchangeable(found, "Seagull") - np.maximum(*later)


def _sheets(found: Found) -> Sequence[Sheet]:
    return [_of_targets(found), mirrored.sheet(found), evenness.sheet(found)]


def _of_targets(found: Found) -> Sheet:
    targets = tuple(each.name for each in (*EXCHANGEABLE, *CONTROLS))
    rows = tuple(
        (_key(*cell), *(str(mean(gains)) for gains in _gains(found, cell))) for cell in CELLS[1:]
    )
    remark = (
        f"Log10 of the error of three layers of {BASE} over that of the net in which one layer is "
        "replaced; mean and 95 % interval over seeds. Exchangeable targets first."
    )
    return Sheet("Gain by target", remark, ("activation and layer", *targets), rows)


def _claim(says: str, source: str, measured: str, effect: Callable[[Found], Any]) -> Claim:
    return Claim(says, source, rule(measured), lambda found: decided(mean(effect(found))))


STUDY = Study(
    name="symmetry",
    version=2,
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
        "is over seeds, for these very targets. Images: scikit-learn's digits, 0 to 4 against 5 to "
        "9, a fifth held out by the seed, as they are and with a half of them mirrored by lot; "
        "nets 64-32 with batch norm and dropout, as in the study transfer. Searches: genetic "
        "programming from ReLU, GELU, tanh and Softplus, none of which is even, for one layer of "
        "a net 9-48-48-48-1 of ReLU; fitness is the gain on points like those that it trains on, "
        "over the three exchangeable targets, or over the one without symmetry. Evenness of what "
        "a search believes in most is the even part's share in how it varies under a normal law."
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
        _claim(
            "Nets on images that may be flipped gain by it.",
            "abstract, 2023, on CIFAR-10; here digits",
            "AUC of nets with Seagull at layer 1 less that of ReLU, on mirrored digits",
            lambda found: mirrored.gain(found, "mirrored"),
        ),
        _claim(
            "They gain because the images may be flipped.",
            "implied by the abstract, 2023",
            "The same difference less that on digits as they are",
            lambda found: mirrored.gain(found, "mirrored") - mirrored.gain(found, "as they are"),
        ),
        Claim(
            "A search that exchangeable targets reward finds an even function by itself.",
            "no paper's: they put it there by hand",
            rule(
                "Evenness of what searches for layer 1 find on exchangeable targets less that of "
                "what they find on the target without symmetry"
            ),
            lambda found: decided(
                contrast(
                    *(evenness.of(found, each) for each in ("layer 1", evenness.CONTROL))
                ).difference
            ),
        ),
        _claim(
            "It finds it where the exchangeable variables are first connected.",
            "no paper's",
            "Evenness at layer 1 less the larger of those at layers 2 and 3, seed by seed",
            lambda found: (
                evenness.of(found, "layer 1")
                - np.maximum(evenness.of(found, "layer 2"), evenness.of(found, "layer 3"))
            ),
        ),
        Claim(
            "Nets on CIFAR-10 whose images may be flipped gain by it.",
            "abstract, 2023; size not found",
            "None: not tested.",
            lacking("wants CIFAR-10 (cs.toronto.edu/~kriz/cifar.html) and a convolutional net"),
        ),
    ),
    full=Size(
        seeds=10, steps=1000, points=512, splits=10, epochs=15,
        search=Search(repeats=8, evaluations=100),
    ),
    quick=Size(
        seeds=4, steps=60, points=256, splits=2, epochs=3,
        search=Search(
            repeats=2,
            evaluations=7,
            changed=(
                "fitness.steps=21", "fitness.seeds=1", "fitness.promotion_seeds=0",
                "fitness.rungs=[]",
            ),
        ),
    ),
    plan=_plan,
    sheets=_sheets,
)  # fmt: skip
