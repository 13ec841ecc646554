"""Trains every net of a candidate on a lesson, all at once: seeds x learning rates.

This is what runs in the locked process. It imports neither tasks nor anything that knows an
answer, opens no file, needs no autograd and no `torch.optim`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from fitness.activation import Activation
from fitness.arithmetic import quick_arithmetic
from fitness.errors import FitnessError
from fitness.lesson import Lesson, Predictions
from fitness.network import Network
from fitness.optimisers import OPTIMISERS, clip
from fitness.points import mean_sizes, read_points
from fitness.recipe import Recipe
from fitness.weights import Layout, carve, first_weights

# 16 nets of the default recipe keep every buffer of a step within a core's own cache; and as the
# groups do not depend on how many seeds there are, the first seeds of a long measurement repeat
# those of a short one bit by bit. A GPU is kept busy by as many as fit.
_NETS_AT_ONCE = {"cpu": 16, "cuda": 4096}


def train(
    activation: Activation, lesson: Lesson, recipe: Recipe, elsewhere: Activation | None = None
) -> Predictions:
    """What the trained nets answer to the lesson's queries.

    The same arguments give the same bits on the same machine with one torch thread. A net that
    turns non-finite answers NaN and disturbs no other.

    Args:
        activation: stands in the hidden layers that the recipe's placement names.
        lesson: the points, without a hidden label.
        recipe: how the nets are built and trained.
        elsewhere: stands in the other hidden layers; not needed in the placement `all`.

    Raises:
        FitnessError: an activation for the other layers is needed and missing.
    """
    layers = layers_of(activation, recipe, elsewhere)
    group = max(1, _NETS_AT_ONCE[recipe.device] // len(recipe.learning_rates))
    with quick_arithmetic():
        parts = [
            _train_group(layers, lesson.seeds_between(start, start + group), recipe)
            for start in range(0, lesson.inputs.shape[0], group)
        ]
    return np.concatenate(parts)


def train_all(
    activation: Activation,
    lessons: Sequence[Lesson],
    recipe: Recipe,
    elsewhere: Activation | None = None,
) -> tuple[Predictions, ...]:
    """What the trained nets answer to each lesson."""
    return tuple(train(activation, lesson, recipe, elsewhere) for lesson in lessons)


def warm_up() -> None:
    """One thread, and everything that is loaded at first use: call before a process is locked."""
    torch.set_num_threads(1)
    small = Recipe(steps=2, seeds=1, warm_up=0)
    inputs = np.linspace(-1.0, 1.0, 8, dtype=np.float32).reshape(1, 8, 1, 1)
    train(_Identity(), Lesson(inputs, inputs[:, :, 0], inputs, np.zeros(1, np.uint64)), small)


class _Identity:
    parameters: tuple[float, ...] = ()

    def value(self, x: Tensor, parameters: Sequence[Tensor]) -> Tensor:
        return x

    def value_and_slopes(
        self, x: Tensor, parameters: Sequence[Tensor]
    ) -> tuple[Tensor, Tensor, tuple[Tensor, ...]]:
        return x, torch.ones_like(x), ()


def layers_of(
    activation: Activation, recipe: Recipe, elsewhere: Activation | None
) -> list[Activation]:
    """The activation of every hidden layer, as the recipe places them.

    Raises:
        FitnessError: an activation for the other layers is needed and missing.
    """
    layers = []
    for layer in range(recipe.hidden_layers):
        placed = activation if recipe.places(layer) else elsewhere
        if placed is None:
            raise FitnessError(f"placement {recipe.placement!r} wants an activation elsewhere")
        layers.append(placed)
    return layers


def trained(layers: Sequence[Activation], lesson: Lesson, recipe: Recipe) -> Network:
    """The trained nets of all seeds and learning rates, a seed's rates side by side."""
    seeds, features = len(lesson.noise_seeds), lesson.inputs.shape[3]
    units = (features, *[recipe.width] * recipe.hidden_layers, lesson.targets.shape[2])
    layout = Layout(units, tuple(len(each.parameters) for each in layers))
    repeats, device = len(recipe.learning_rates), torch.device(recipe.device)

    def for_each_rate(tensor: Tensor) -> Tensor:
        return tensor.to(device).repeat_interleave(repeats, dim=0)

    inputs = for_each_rate(torch.from_numpy(lesson.inputs))
    sizes = mean_sizes(inputs)
    start = first_weights(layers, layout, lesson.noise_seeds.tolist())
    weights = carve(for_each_rate(start), layout)
    network = Network(
        layers,
        weights,
        read_points(inputs, sizes),
        for_each_rate(torch.from_numpy(lesson.targets).transpose(1, 2).contiguous()),
        layout,
        classes=lesson.classes,
    )
    rates = torch.tensor(recipe.learning_rates, device=device).repeat(seeds).unsqueeze(1)
    optimiser = OPTIMISERS[recipe.optimiser](weights.flat, rates)
    for step in range(recipe.steps):
        network.backpropagate()
        clip(network.gradient.flat, recipe.clip)
        optimiser.step(network.gradient.flat, recipe.learning_rate_factor(step))
    return network


def _train_group(layers: Sequence[Activation], lesson: Lesson, recipe: Recipe) -> Predictions:
    network = trained(layers, lesson, recipe)
    seeds, repeats = len(lesson.noise_seeds), len(recipe.learning_rates)
    inputs, queries = (
        torch.from_numpy(each).to(recipe.device).repeat_interleave(repeats, dim=0)
        for each in (lesson.inputs, lesson.queries)
    )
    answers = network.answer(read_points(queries, mean_sizes(inputs)))
    answers.masked_fill_(~answers.isfinite(), float("nan"))
    return np.asarray(
        answers.view(seeds, repeats, *answers.shape[1:]).transpose(2, 3).cpu().numpy()
    )
