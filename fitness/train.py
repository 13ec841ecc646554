"""Trains every net of a candidate on its lessons, many at once: lessons x seeds x learning rates.

This is what runs in the locked process. It imports neither tasks nor anything that knows an
answer, opens no file, needs no autograd and no `torch.optim`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import torch
from jaxtyping import Float, Float32
from torch import Tensor

from fitness.activation import Abreast, Activation, Pointwise
from fitness.arithmetic import quick_arithmetic
from fitness.errors import FitnessError
from fitness.lesson import Form, Lesson, Predictions, joined
from fitness.network import Network
from fitness.optimisers import OPTIMISERS, clip
from fitness.points import mean_sizes, read_points
from fitness.recipe import Recipe
from fitness.weights import Layout, carve, first_weights

Answers: TypeAlias = Float32[np.ndarray, "candidates seeds rates queries outputs"]

# 16 nets of the default recipe keep every buffer of a step within a core's own cache; fewer cost
# nearly as much a step, in calls. Whoever shares a group, a net's bits on a CPU are the same. A GPU
# is kept busy by as many as fit.
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
    return train_all(activation, [lesson], recipe, elsewhere)[0]


def train_all(
    activation: Activation,
    lessons: Sequence[Lesson],
    recipe: Recipe,
    elsewhere: Activation | None = None,
) -> tuple[Predictions, ...]:
    """What `train` answers to each lesson, bit by bit; those of one form are trained as one."""
    return train_together([activation], lessons, recipe, elsewhere)[0]


def train_together(
    activations: Sequence[Activation],
    lessons: Sequence[Lesson],
    recipe: Recipe,
    elsewhere: Activation | None = None,
) -> list[tuple[Predictions, ...]]:
    """What `train_all` answers for each activation, whose nets are trained in one batch.

    None disturbs another, however it fails. On a CPU the bits are those of `train` where all have
    as many parameters; else a gradient's length is summed in another order, and predictions at
    the two lower rates differ by less than a thousandth.
    """
    candidates = [layers_of(each, recipe, elsewhere) for each in activations]
    alike: dict[Form, list[int]] = {}
    for place, lesson in enumerate(lessons):
        alike.setdefault(lesson.form, []).append(place)
    answers: dict[int, Answers] = {}
    with quick_arithmetic():
        for places in alike.values():
            some = [lessons[each] for each in places]
            ends = np.cumsum([len(each.noise_seeds) for each in some])
            found = _train_joined(candidates, joined(some), recipe)
            answers.update(zip(places, np.split(found, ends[:-1], axis=1), strict=True))
    return [
        tuple(answers[place][number] for place in range(len(lessons)))
        for number in range(len(candidates))
    ]


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


def trained(candidates: Sequence[Sequence[Activation]], lesson: Lesson, recipe: Recipe) -> Network:
    """The trained nets: candidate by candidate, seed by seed, a seed's rates side by side.

    Args:
        candidates: the activations of each one's hidden layers.
        lesson: the points, without a hidden label.
        recipe: how the nets are built and trained.
    """
    seeds, features = len(lesson.noise_seeds), lesson.inputs.shape[3]
    units = (features, *[recipe.width] * recipe.hidden_layers, lesson.targets.shape[2])
    by_layer = list(zip(*candidates, strict=True))
    most = (max(len(each.parameters) for each in layer) for layer in by_layer)
    layout = Layout(units, tuple(most))
    inputs = _for_each_net(lesson.inputs, len(candidates), recipe)
    start = [first_weights(each, layout, lesson.noise_seeds.tolist()) for each in candidates]
    weights = carve(_for_each_rate(torch.cat(start), recipe), layout)
    network = Network(
        [_abreast(layer) for layer in by_layer],
        weights,
        read_points(inputs, mean_sizes(inputs)),
        _for_each_net(lesson.targets.swapaxes(1, 2), len(candidates), recipe),
        layout,
        classes=lesson.classes,
    )
    rates = torch.tensor(recipe.learning_rates, device=recipe.device)
    rates = rates.repeat(len(candidates) * seeds).unsqueeze(1)
    optimiser = OPTIMISERS[recipe.optimiser](weights.flat, rates)
    for step in range(recipe.steps):
        network.backpropagate()
        clip(network.gradient.flat, recipe.clip)
        optimiser.step(network.gradient.flat, recipe.learning_rate_factor(step))
    return network


def _abreast(layer: Sequence[Activation]) -> Pointwise:
    """The candidates' activations in one layer, as one."""
    return layer[0] if all(each is layer[0] for each in layer) else Abreast(layer)


def _for_each_net(
    array: Float32[np.ndarray, "seeds ..."], candidates: int, recipe: Recipe
) -> Float[Tensor, "nets ..."]:
    return _for_each_rate(torch.from_numpy(np.concatenate([array] * candidates)), recipe)


def _for_each_rate(tensor: Float[Tensor, "some ..."], recipe: Recipe) -> Float[Tensor, "nets ..."]:
    return tensor.to(recipe.device).repeat_interleave(len(recipe.learning_rates), dim=0)


def _train_joined(
    candidates: Sequence[Sequence[Activation]], lesson: Lesson, recipe: Recipe
) -> Answers:
    """Trains as many seeds at once as the machine takes well."""
    nets = len(candidates) * len(recipe.learning_rates)
    group = max(1, _NETS_AT_ONCE[recipe.device] // nets)
    parts = [
        _train_group(candidates, lesson.seeds_between(start, start + group), recipe)
        for start in range(0, len(lesson.noise_seeds), group)
    ]
    return np.concatenate(parts, axis=1)


def _train_group(
    candidates: Sequence[Sequence[Activation]], lesson: Lesson, recipe: Recipe
) -> Answers:
    network = trained(candidates, lesson, recipe)
    inputs, queries = (
        _for_each_net(each, len(candidates), recipe) for each in (lesson.inputs, lesson.queries)
    )
    answers = network.answer(read_points(queries, mean_sizes(inputs)))
    answers.masked_fill_(~answers.isfinite(), float("nan"))
    shape = (len(candidates), len(lesson.noise_seeds), len(recipe.learning_rates))
    return np.asarray(answers.view(*shape, *answers.shape[1:]).transpose(3, 4).cpu().numpy())
