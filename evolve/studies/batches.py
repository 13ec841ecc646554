"""Whether functions of a batch's statistics are of use on images (arXiv:2602.05688)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from evolve.report.sheets import Sheet
from evolve.report.statistics import mean
from evolve.studies.study import Claim, Found, Given, Study, decided, lacking, rule
from evolve.studies.tables import DIGITS
from fitness.baselines import TIER_1

TURBULENT = """import torch


def activation(x):
    z = (x - x.mean()) / (x.std() + 1e-6)
    ripple = 0.2 * torch.exp(-0.5 * z * z) * torch.sin(2.0 * x)
    return torch.sign(x) * torch.log(1.0 + 0.5 * torch.abs(x)) + ripple
"""
BASE = """import torch


def activation(x):
    return torch.sign(x) * torch.log(1.0 + 0.5 * torch.abs(x))
"""
PROGRAMS = {
    "GELU": TIER_1["GELU"], "ReLU": TIER_1["ReLU"], "Turbulent": TURBULENT, "its base": BASE,
}  # fmt: skip
WIDTHS = (64, 32)


@dataclass(frozen=True)
class Size:
    """Splits of the images, and passes over them."""

    seeds: int
    epochs: int


def _plan(size: Size, given: Given) -> Mapping[str, Callable[[], Any]]:
    return {
        f"{name}, {seed}": partial(_asked, source, seed, size.epochs)
        for seed in range(size.seeds)
        for name, source in PROGRAMS.items()
    }


def _asked(source: str, seed: int, epochs: int) -> dict[str, float]:
    """One net: how good it is on images that come together, in another order, and one by one."""
    import torch
    from sklearn.metrics import roc_auc_score

    from evolve.studies.nets import Pointwise, Sides, chances, layered, teach

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    sides = Sides.of(DIGITS.read(DIGITS.source, seed), DIGITS.positive)
    net = layered(DIGITS.inputs, WIDTHS, [Pointwise(source, "batch")] * 2)
    teach(net, sides, epochs, torch.Generator().manual_seed(seed))
    together = chances(net, sides.held_inputs)
    alone = chances(net, sides.held_inputs, 1)
    order = np.random.default_rng(seed).permutation(len(together))
    mixed = chances(net, sides.held_inputs[order])
    return {
        "auc": float(roc_auc_score(sides.held_targets, together)),
        "auc alone": float(roc_auc_score(sides.held_targets, alone)),
        "moved": float(np.abs(alone - together).mean()),
        "moved by order": float(np.abs(mixed - together[order]).max()),
    }


def _of(found: Found, name: str, figure: str) -> np.ndarray:
    """A figure of every split."""
    seeds = len(found) // len(PROGRAMS)
    return np.array([found[f"{name}, {seed}"][figure] for seed in range(seeds)])


def _sheets(found: Found) -> Sequence[Sheet]:
    rows = tuple(
        (
            name,
            mean(_of(found, name, "auc")).unsigned(4),
            mean(_of(found, name, "auc alone")).unsigned(4),
            mean(_of(found, name, "moved")).unsigned(4),
            f"{_of(found, name, 'moved by order').max():.1g}",
        )
        for name in PROGRAMS
    )
    remark = (
        "Means over splits, 95 % intervals. Moved: how far the chance of an image is from what it "
        "is in the whole batch, a mean when it comes alone, the most when the order is another."
    )
    columns = ("activation", "AUC", "AUC one by one", "moved", "moved by order")
    return [Sheet("Images together and one by one", remark, columns, rows)]


STUDY = Study(
    name="batches",
    version=1,
    title="Are functions of a batch's statistics of use on images?",
    paper="Mining Generalizable Activation Functions, arXiv:2602.05688",
    method=(
        "scikit-learn's digits, 0 to 4 against 5 to 9, a fifth held out by the seed; nets 64-32 "
        "with batch norm and dropout, as in the study transfer. Turbulent is sign(x) log(1 + "
        "|x|/2) + 0.2 exp(-z^2/2) sin 2x with z standardised over the whole tensor; its first "
        "term is known second-hand. `its base` is that term alone. Held-out images are asked "
        "about all at once, in another order, and one by one."
    ),
    claims=(
        Claim(
            "Functions of batch statistics do badly on images.",
            "second-hand; numbers not found",
            rule("AUC of GELU less that of Turbulent, all images at once"),
            lambda found: decided(mean(_of(found, "GELU", "auc") - _of(found, "Turbulent", "auc"))),
        ),
        Claim(
            "What they answer depends on what else is in the batch.",
            "follows from the formula",
            rule("How far an image's chance moves when it comes alone, less 0.01"),
            lambda found: decided(mean(_of(found, "Turbulent", "moved") - 0.01)),
        ),
        Claim(
            "Asked one by one they do worse.",
            "follows from the formula",
            rule("AUC of Turbulent all at once less that one by one"),
            lambda f: decided(mean(_of(f, "Turbulent", "auc") - _of(f, "Turbulent", "auc alone"))),
        ),
        Claim(
            "Turbulent outperforms ReLU threefold out of distribution in the lab.",
            "second-hand",
            "None: not tested.",
            lacking("wants the lab's trainer to follow gradients through statistics of a batch"),
        ),
    ),
    full=Size(seeds=10, epochs=15),
    quick=Size(seeds=2, epochs=3),
    plan=_plan,
    sheets=_sheets,
)
