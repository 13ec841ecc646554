"""Trains every net of a candidate on a lesson, all at once: seeds x learning rates.

This is what runs in the locked process. It imports neither tasks nor anything that knows an
answer, opens no file, needs no autograd and no `torch.optim`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor

from fitness.activation import Activation
from fitness.adam import Adam, clip
from fitness.arithmetic import quick_arithmetic
from fitness.lesson import Lesson, Predictions
from fitness.network import Network
from fitness.recipe import Recipe
from fitness.weights import Layout, carve, first_weights

# 16 nets of the default recipe keep every buffer of a step within a core's own cache; and as the
# groups do not depend on how many seeds there are, the first seeds of a long measurement repeat
# those of a short one bit by bit.
_NETS_AT_ONCE = 16


def train(activation: Activation, lesson: Lesson, recipe: Recipe) -> Predictions:
    """What the trained nets answer to the lesson's queries.

    The same arguments give the same bits on the same machine with one torch thread. A net that
    turns non-finite answers NaN and disturbs no other.
    """
    seeds = lesson.inputs.shape[0]
    group = max(1, _NETS_AT_ONCE // len(recipe.learning_rates))
    with quick_arithmetic():
        parts = [
            _train_group(activation, lesson.seeds_between(start, start + group), recipe)
            for start in range(0, seeds, group)
        ]
    return np.concatenate(parts)


def train_all(
    activation: Activation, lessons: Sequence[Lesson], recipe: Recipe
) -> tuple[Predictions, ...]:
    """What the trained nets answer to each lesson."""
    return tuple(train(activation, lesson, recipe) for lesson in lessons)


def warm_up() -> None:
    """One thread, and everything that is loaded at first use: call before a process is locked."""
    torch.set_num_threads(1)
    small = Recipe(steps=2, seeds=1, warm_up=0)
    inputs = np.linspace(-1.0, 1.0, 8, dtype=np.float32).reshape(1, 8, 1)
    train(_Identity(), Lesson(inputs, inputs[:, :, 0], inputs, np.zeros(1, np.uint64)), small)


class _Identity:
    parameters: tuple[float, ...] = ()

    def value(self, x: Tensor, parameters: Sequence[Tensor]) -> Tensor:
        return x

    def value_and_slopes(
        self, x: Tensor, parameters: Sequence[Tensor]
    ) -> tuple[Tensor, Tensor, tuple[Tensor, ...]]:
        return x, torch.ones_like(x), ()


def _train_group(activation: Activation, lesson: Lesson, recipe: Recipe) -> Predictions:
    seeds, _, features = lesson.inputs.shape
    hidden = (recipe.width,) * recipe.hidden_layers
    layout = Layout((features, *hidden, 1), len(activation.parameters))
    repeats = len(recipe.learning_rates)
    start = first_weights(activation, layout, lesson.noise_seeds.tolist())
    weights = carve(start.repeat_interleave(repeats, dim=0), layout)
    network = Network(
        activation,
        weights,
        _for_each_rate(lesson.inputs, repeats),
        _for_each_rate(lesson.targets[:, :, np.newaxis], repeats),
        layout,
    )
    rates = torch.tensor(recipe.learning_rates, dtype=torch.float32).repeat(seeds).unsqueeze(1)
    adam = Adam(weights.flat, rates)
    for step in range(recipe.steps):
        network.backpropagate()
        clip(network.gradient.flat, recipe.clip)
        adam.step(network.gradient.flat, recipe.learning_rate_factor(step))
    answers = network.answer(_for_each_rate(lesson.queries, repeats))
    answers.masked_fill_(~answers.isfinite(), float("nan"))
    return np.asarray(answers.view(seeds, repeats, -1).numpy())


def _for_each_rate(
    array: Float32[np.ndarray, "seeds rows columns"], repeats: int
) -> Float32[Tensor, "nets rows columns"]:
    return torch.from_numpy(array).repeat_interleave(repeats, dim=0)
