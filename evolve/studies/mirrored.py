"""Images that may be mirrored, and nets of which one layer may be even."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from evolve.report.sheets import Sheet
from evolve.report.statistics import mean
from evolve.studies.study import Found
from evolve.studies.tables import DIGITS
from fitness.baselines import TIER_1

SIDE = 8  # pixels
WIDTHS = (64, 32)
BASE = "ReLU"
NETS = {
    BASE: ("ReLU", "ReLU"), "Seagull at 1": ("Seagull", "ReLU"),
    "Seagull at 2": ("ReLU", "Seagull"),
}  # fmt: skip
"""What stands in either layer."""

IMAGES = {"mirrored": True, "as they are": False}


def plan(splits: int, epochs: int) -> Mapping[str, Callable[[], float]]:
    """The AUC of every net on every split of the images, mirrored or not."""
    return {
        _key(net, which, seed): partial(auc, net, seed, epochs, mirrored=mirrored)
        for seed in range(splits)
        for which, mirrored in IMAGES.items()
        for net in NETS
    }


def auc(net: str, seed: int, epochs: int, *, mirrored: bool) -> float:
    """How well it tells 5 to 9 from 0 to 4 on images that were held out.

    Args:
        net: its name.
        seed: of the split, of the initial weights, and of which images are mirrored.
        epochs: how long it is trained.
        mirrored: whether a half of all images are, those that it learns from and the others.
    """
    import torch
    from sklearn.metrics import roc_auc_score

    from evolve.studies.nets import Pointwise, Sides, chances, layered, teach

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    images = DIGITS.read(DIGITS.source, seed)
    if mirrored:
        rng = np.random.default_rng(seed)
        learned, held = (flipped(each, rng) for each in (images.inputs, images.held_inputs))
        images = replace(images, inputs=learned, held_inputs=held)
    sides = Sides.of(images, DIGITS.positive)
    model = layered(DIGITS.inputs, WIDTHS, [Pointwise(TIER_1[each]) for each in NETS[net]])
    teach(model, sides, epochs, torch.Generator().manual_seed(seed))
    return float(roc_auc_score(sides.held_targets, chances(model, sides.held_inputs)))


def flipped(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A half of the images, by lot, left for right."""
    squares = images.reshape(-1, SIDE, SIDE)
    turned = rng.random((len(images), 1, 1)) < 0.5
    return np.where(turned, squares[:, :, ::-1], squares).reshape(images.shape)


def gain(found: Found, which: str, net: str = "Seagull at 1") -> np.ndarray:
    """AUC of a net less that of the base, split by split."""
    splits = sum(key.startswith(f"{BASE}, images {which}, ") for key in found)
    return np.array(
        [found[_key(net, which, k)] - found[_key(BASE, which, k)] for k in range(splits)]
    )


def sheet(found: Found) -> Sheet:
    """What either layer gains."""
    rows = tuple(
        (net, *(str(mean(gain(found, which, net))) for which in IMAGES))
        for net in NETS
        if net != BASE
    )
    remark = f"AUC less that of two layers of {BASE}; mean and 95 % interval over splits."
    return Sheet("Images", remark, ("net", *(f"digits {which}" for which in IMAGES)), rows)


def _key(net: str, which: str, seed: int) -> str:
    return f"{net}, images {which}, {seed}"
