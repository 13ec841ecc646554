"""What trained nets would have of their activation: the loss's gradient as a function of z."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float64

from fitness.activation import Activation
from fitness.arithmetic import quick_arithmetic
from fitness.lesson import Lesson
from fitness.recipe import Recipe
from fitness.train import layers_of, trained

BINS = 64
_TAIL = 0.005  # on either side: what hardly any unit ever sees


@dataclass(frozen=True, eq=False)
class Pulls:
    """The gradient of the training loss by the activation's own values, where units look.

    The nets share one function: what a unit wants of it at z counts for all units at that z.
    Where weights have settled, no change that a linear layer could make is wanted any more.

    Attributes:
        points: mean z of each bin, ascending; as many units fall into each bin.
        pulls: mean of dL/df(z) in the bin, in standard deviations of a single unit's.
    """

    points: Float64[np.ndarray, " bins"]
    pulls: Float64[np.ndarray, " bins"]


def pulls(
    activation: Activation, lesson: Lesson, recipe: Recipe, elsewhere: Activation | None = None
) -> Pulls | None:
    """Trains nets as the recipe says and asks each seed's best; none where all are lost.

    The best is the learning rate of the least training loss.
    """
    layers = layers_of(activation, recipe, elsewhere)
    with quick_arithmetic():
        network = trained([layers], lesson, recipe)
        rates = len(recipe.learning_rates)
        losses = network.losses().nan_to_num(nan=torch.inf).view(-1, rates)
        best = losses.argmin(dim=1) + rates * torch.arange(len(losses), device=losses.device)
        best = best[losses.min(dim=1).values.isfinite()]
        placed = [each for k, each in enumerate(network.wishes()) if recipe.places(k)]
    if not len(best):
        return None
    z = torch.cat([sums[best].flatten() for sums, _ in placed]).double().cpu().numpy()
    parts = [pull[best].double() for _, pull in placed]
    # A seed with a larger loss has no more of a say.
    scaled = [part / part.std(dim=(1, 2), keepdim=True).clamp_min(1e-30) for part in parts]
    wished = torch.cat([part.flatten() for part in scaled]).cpu().numpy()
    if not (np.isfinite(z).all() and np.isfinite(wished).all()):
        return None
    order = np.argsort(z, kind="stable")
    inner = order[int(_TAIL * len(z)) : len(z) - int(_TAIL * len(z))]
    bins = np.array_split(inner, BINS)
    return Pulls(
        np.array([z[each].mean() for each in bins]),
        np.array([wished[each].mean() for each in bins]),
    )
