"""Seconds of one core for one candidate: the batched trainer, beside one module a net.

Run with `python -m tests.benchmarks.fitness [BASELINE...]`. The candidate is what a search trains:
a program compiled by the sandbox. The other way trains the same program with autograd.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

import sandbox
from fitness.activation import Activation as Activates
from fitness.arithmetic import quick_arithmetic
from fitness.baselines import baseline
from fitness.exam import Exam, draw
from fitness.lesson import Lesson, Predictions
from fitness.recipe import Recipe
from fitness.suites import select
from fitness.train import train, train_all
from fitness.weights import Layout, carve, first_weights
from sandbox.activation import Activation

Function: TypeAlias = Callable[[Tensor], Tensor]

_SLOW_TASKS = ("poly3_2", "sph32")
_ROUNDS = 3


class Plain(nn.Module):
    """One net, the straightforward way."""

    def __init__(self, function: Function, units: tuple[int, ...]) -> None:
        super().__init__()
        self.layers = [nn.Linear(fan_in, fan_out) for fan_in, fan_out in pairwise(units)]
        self.registered = nn.ModuleList(self.layers)
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers[:-1]:
            x = self.function(layer(x))
        last: Tensor = self.layers[-1](x)
        return last


def one_by_one(
    activation: Activates, function: Function, lesson: Lesson, recipe: Recipe
) -> Predictions:
    """What `train` gives, by a loop over modules with autograd and torch.optim."""
    units = (lesson.inputs.shape[3], *[recipe.width] * recipe.hidden_layers, 1)
    layout = Layout(units, (0,) * recipe.hidden_layers)
    layers = [activation] * recipe.hidden_layers
    start = carve(first_weights(layers, layout, lesson.noise_seeds.tolist()), layout)
    answers = []
    for seed in range(lesson.inputs.shape[0]):
        for rate in recipe.learning_rates:
            net = Plain(function, units)
            for index, layer in enumerate(net.layers):
                layer.weight.data.copy_(start.matrices[index][seed])
                layer.bias.data.zero_()
            answers.append(_train_one(net, lesson, seed, rate, recipe))
    shape = (lesson.inputs.shape[0], len(recipe.learning_rates), -1, 1)
    return np.stack(answers).reshape(shape)


def _train_one(net: Plain, lesson: Lesson, seed: int, rate: float, recipe: Recipe) -> Predictions:
    inputs = torch.from_numpy(lesson.inputs[seed, :, 0])
    targets = torch.from_numpy(lesson.targets[seed])
    optimiser = torch.optim.Adam(net.parameters(), lr=rate)
    for step in range(recipe.steps):
        optimiser.param_groups[0]["lr"] = rate * recipe.learning_rate_factor(step)
        optimiser.zero_grad()
        loss = nn.functional.mse_loss(net(inputs), targets)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(net.parameters(), recipe.clip)
        optimiser.step()
    with torch.no_grad():
        return np.asarray(net(torch.from_numpy(lesson.queries[seed, :, 0])).numpy())


def at_the_limit(activation: Activation, exam: Exam) -> None:
    """The bare work of `train_all`: the products, and the elementwise passes over their results."""
    for lesson in exam.lessons:
        _bare_lesson(activation, exam.recipe, lesson.inputs.shape[3])


def _bare_lesson(activation: Activation, recipe: Recipe, features: int) -> None:
    nets, points = recipe.seeds * len(recipe.learning_rates), recipe.training_points
    units = (features, *[recipe.width] * recipe.hidden_layers, 1)
    values = [torch.randn(nets, unit, points) for unit in units]
    pulls = [torch.empty(nets, unit, points) for unit in units]
    matrices = [torch.randn(nets, *pair[::-1]) * 0.1 for pair in pairwise(units)]
    gradients = [torch.empty_like(matrix) for matrix in matrices]
    with quick_arithmetic():
        for _ in range(recipe.steps):
            for layer, matrix in enumerate(matrices):
                torch.bmm(matrix, values[layer], out=pulls[layer + 1])
                torch.bmm(pulls[layer + 1], values[layer].transpose(1, 2), out=gradients[layer])
                if 0 < layer < len(matrices) - 1:
                    torch.bmm(matrix.transpose(1, 2), pulls[layer + 1], out=pulls[layer])
                if layer:
                    _, slope, _ = activation.value_and_slopes(values[layer], ())
                    pulls[layer].mul_(slope)


def seconds(job: Callable[[], object]) -> float:
    """Processor seconds of a job."""
    start = time.process_time()
    job()
    return time.process_time() - start


def _disagreement(
    activation: Activation, function: Function, exam: Exam, rates: tuple[float, ...]
) -> float:
    """The largest |p - q| / (1 + |q|) of predictions p here and q the slow way, on one seed."""
    recipe = replace(exam.recipe, learning_rates=rates)
    lesson = exam.lessons[0].seeds_between(0, 1)
    mine = train(activation, lesson, recipe)
    other = one_by_one(activation, function, lesson, recipe)
    return float((np.abs(mine - other) / (1.0 + np.abs(other))).max())


def compiled(name: str) -> tuple[Activation, Function]:
    """A textbook activation as a search trains it, and as plain Python."""
    graph = sandbox.parse(baseline(name))
    if isinstance(graph, sandbox.Refusal):
        raise SystemExit(f"{name}: {graph.hint}")
    names: dict[str, Function] = {}
    exec(baseline(name), names)  # noqa: S102  (our own text)
    return Activation(graph), names["activation"]


def compare(name: str) -> None:
    """Prints the figures of one activation."""
    activation, function = compiled(name)
    recipe, split = Recipe(), select("lab", "search")
    exam, slow_exam = draw(split, recipe), draw(split.only(*_SLOW_TASKS), recipe)
    one_seed = [lesson.seeds_between(0, 1) for lesson in slow_exam.lessons]
    all_nets = len(split.tasks) * recipe.seeds * len(recipe.learning_rates)
    slow_nets = len(one_seed) * len(recipe.learning_rates)
    train_all(activation, exam.lessons[:1], recipe)
    fast, slow, limit = [], [], []
    for _ in range(_ROUNDS):  # interleaved, so that a busy machine slows all three alike
        fast.append(seconds(lambda: train_all(activation, exam.lessons, recipe)))
        loop = seconds(lambda: [one_by_one(activation, function, e, recipe) for e in one_seed])
        slow.append(loop * all_nets / slow_nets)
        limit.append(seconds(lambda: at_the_limit(activation, exam)))
    ours, theirs, bound = (float(np.median(each)) for each in (fast, slow, limit))
    print(f"{name}: {all_nets} nets of {recipe.steps} steps; seconds of one core, one thread")
    print(f"  batched            {ours:7.2f}")
    print(f"  one module a net   {theirs:7.2f}   ({slow_nets} nets timed, scaled to {all_nets})")
    print(f"  ratio              {theirs / ours:7.1f}   (at least 12 wanted)")
    print(f"  of the limit       {bound / ours:7.2f}   (at least 0.6 wanted; products and passes")
    print(f"                               over their results alone: {bound:.2f})")
    # At the largest rates some nets are chaotic: a last bit grows until two sound libraries part.
    for rates in (recipe.learning_rates[:2], recipe.learning_rates[2:]):
        gap = _disagreement(activation, function, exam, rates)
        print(f"  largest difference of predictions at rates {rates}: {gap:.1e}")


def main() -> None:
    """Prints the figures of the activations that are named."""
    torch.set_num_threads(1)
    for name in sys.argv[1:] or ("GELU", "SiLU", "Tanh"):
        compare(name)


if __name__ == "__main__":
    main()
