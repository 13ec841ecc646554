"""Seconds of one core for one candidate: the batched trainer, beside one module a net.

Run with `python -m tests.benchmarks.fitness [ACTIVATION]` (GELU, SILU, TANH, ...).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from fitness.arithmetic import quick_arithmetic
from fitness.exam import Exam, draw
from fitness.lesson import Lesson, Predictions
from fitness.recipe import Recipe
from fitness.suites import select
from fitness.train import train, train_all
from fitness.weights import Layout, carve, first_weights
from tests.mirror.fitness import activations
from tests.mirror.fitness.activations import Written

_SLOW_TASKS = ("poly3_2", "sph32")
_ROUNDS = 3


class Plain(nn.Module):
    """One net, the straightforward way."""

    def __init__(self, function: Callable[[Tensor], Tensor], units: tuple[int, ...]) -> None:
        super().__init__()
        self.layers = [nn.Linear(fan_in, fan_out) for fan_in, fan_out in pairwise(units)]
        self.registered = nn.ModuleList(self.layers)
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers[:-1]:
            x = self.function(layer(x))
        last: Tensor = self.layers[-1](x)
        return last


def one_by_one(activation: Written, lesson: Lesson, recipe: Recipe) -> Predictions:
    """What `train` gives, by a loop over modules with autograd and torch.optim.Adam."""
    units = (lesson.inputs.shape[2], *[recipe.width] * recipe.hidden_layers, 1)
    layout = Layout(units, 0)
    start = carve(first_weights(activation, layout, lesson.noise_seeds.tolist()), layout)
    answers = []
    for seed in range(lesson.inputs.shape[0]):
        for rate in recipe.learning_rates:
            net = Plain(activation.function, units)
            for index, layer in enumerate(net.layers):
                layer.weight.data.copy_(start.matrices[index][seed].T)
                layer.bias.data.zero_()
            answers.append(_train_one(net, lesson, seed, rate, recipe))
    shape = (lesson.inputs.shape[0], len(recipe.learning_rates), -1)
    return np.stack(answers).reshape(shape)


def _train_one(net: Plain, lesson: Lesson, seed: int, rate: float, recipe: Recipe) -> Predictions:
    inputs = torch.from_numpy(lesson.inputs[seed])
    targets = torch.from_numpy(lesson.targets[seed]).unsqueeze(1)
    optimiser = torch.optim.Adam(net.parameters(), lr=rate)
    for step in range(recipe.steps):
        optimiser.param_groups[0]["lr"] = rate * recipe.learning_rate_factor(step)
        optimiser.zero_grad()
        loss = nn.functional.mse_loss(net(inputs), targets)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(net.parameters(), recipe.clip)
        optimiser.step()
    with torch.no_grad():
        return np.asarray(net(torch.from_numpy(lesson.queries[seed])).squeeze(1).numpy())


def at_the_limit(activation: Written, exam: Exam) -> None:
    """The bare work of `train_all`: nothing but products and the activation with its slopes."""
    for lesson in exam.lessons:
        _bare_lesson(activation, exam.recipe, lesson.inputs.shape[2])


def _bare_lesson(activation: Written, recipe: Recipe, features: int) -> None:
    nets, points = recipe.seeds * len(recipe.learning_rates), recipe.training_points
    units = (features, *[recipe.width] * recipe.hidden_layers, 1)
    values = [torch.randn(nets, points, unit) for unit in units]
    pulls = [torch.empty(nets, points, unit) for unit in units]
    matrices = [torch.randn(nets, *pair) * 0.1 for pair in pairwise(units)]
    gradients = [torch.empty_like(matrix) for matrix in matrices]
    with quick_arithmetic():
        for _ in range(recipe.steps):
            for layer, matrix in enumerate(matrices):
                torch.bmm(values[layer], matrix, out=pulls[layer + 1])
                torch.bmm(values[layer].transpose(1, 2), pulls[layer + 1], out=gradients[layer])
                if layer:
                    torch.bmm(pulls[layer + 1], matrix.transpose(1, 2), out=pulls[layer])
                    _, slope, _ = activation.value_and_slopes(values[layer], ())
                    pulls[layer].mul_(slope)


def seconds(job: Callable[[], object]) -> float:
    """Processor seconds of a job."""
    start = time.process_time()
    job()
    return time.process_time() - start


def _disagreement(activation: Written, exam: Exam, rates: tuple[float, ...]) -> float:
    """The largest |p - q| / (1 + |q|) of predictions p here and q the slow way, on one seed."""
    recipe = replace(exam.recipe, learning_rates=rates)
    lesson = exam.lessons[0].seeds_between(0, 1)
    mine, other = train(activation, lesson, recipe), one_by_one(activation, lesson, recipe)
    return float((np.abs(mine - other) / (1.0 + np.abs(other))).max())


def main() -> None:
    """Prints the figures."""
    torch.set_num_threads(1)
    name = sys.argv[1].upper() if len(sys.argv) > 1 else "GELU"
    activation: Written = vars(activations)[name]
    recipe, split = Recipe(), select("lab", "search")
    exam, slow_exam = draw(split, recipe), draw(split.only(*_SLOW_TASKS), recipe)
    one_seed = [lesson.seeds_between(0, 1) for lesson in slow_exam.lessons]
    all_nets = len(split.tasks) * recipe.seeds * len(recipe.learning_rates)
    slow_nets = len(one_seed) * len(recipe.learning_rates)
    train_all(activation, exam.lessons[:1], recipe)
    fast, slow, limit = [], [], []
    for _ in range(_ROUNDS):  # interleaved, so that a busy machine slows all three alike
        fast.append(seconds(lambda: train_all(activation, exam.lessons, recipe)))
        loop = seconds(lambda: [one_by_one(activation, each, recipe) for each in one_seed])
        slow.append(loop * all_nets / slow_nets)
        limit.append(seconds(lambda: at_the_limit(activation, exam)))
    ours, theirs, bound = (float(np.median(each)) for each in (fast, slow, limit))
    print(f"{name}: {all_nets} nets of {recipe.steps} steps; seconds of one core, one thread")
    print(f"  batched            {ours:7.2f}")
    print(f"  one module a net   {theirs:7.2f}   ({slow_nets} nets timed, scaled to {all_nets})")
    print(f"  ratio              {theirs / ours:7.1f}")
    print(f"  products and activation alone {bound:.2f}: {bound / ours:.2f} of the limit")
    # At the largest rates some nets are chaotic: a last bit grows until two sound libraries part.
    for rates in (recipe.learning_rates[:2], recipe.learning_rates[2:]):
        gap = _disagreement(activation, exam, rates)
        print(f"  largest difference of predictions at rates {rates}: {gap:.1e}")


if __name__ == "__main__":
    main()
