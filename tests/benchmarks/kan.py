"""Kolmogorov-Arnold networks beside GELU, on the same lessons: a table of their own.

    pip install --no-deps inkan==0.5.2    # MIT, needs torch alone
    python -m tests.benchmarks.kan [--split valid] [--seeds 4] [--steps 400] [--width 8] [--grid 5]

Liu et al. 2024 (arXiv:2404.19756): every edge has a cubic spline of its own, so that no activation
is swapped and the table is no part of `evolve measure`'s. As many layers as the recipe has; a
width of 8 has about as many numbers as the recipe's 32. Adam, warm-up, cosine, clip, learning rates
and seeds are the recipe's; inputs are standardised, the splines' grid reaches from -3 to 3. Tasks
whose inputs are sets are left out.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

import numpy as np
import torch

from fitness.baselines import REFERENCE, baseline
from fitness.exam import draw
from fitness.judgement import judge
from fitness.lesson import Lesson, Predictions
from fitness.losses import grade, linear_predictor
from fitness.recipe import Recipe
from fitness.standing import family_scores
from fitness.suites import select
from fitness.train import train_all
from sandbox import Graph, parse
from sandbox.activation import Activation

ROUND = 1000


def main(split: str, recipe: Recipe, width: int, grid: int) -> None:
    """Prints what both are worth, by family and in all."""
    drawn = select("lab", split)
    plain = draw(drawn, recipe, ROUND)
    tasks = tuple(
        task
        for task, lesson in zip(drawn.tasks, plain.lessons, strict=True)
        if lesson.inputs.shape[2] == 1
    )
    exam = draw(replace(drawn, tasks=tasks), recipe, ROUND)
    graph = parse(baseline(REFERENCE))
    assert isinstance(graph, Graph)
    begun = time.monotonic()
    reference = grade(exam, train_all(Activation(graph), exam.lessons, recipe))
    between = time.monotonic()
    own = grade(exam, [answers(each, recipe, width, grid) for each in exam.lessons])
    spent = between - begun, time.monotonic() - between
    judged = judge(own, reference, linear_predictor(exam))
    low, high = judged.interval
    print(f"KAN against {REFERENCE}: fitness {judged.fitness:+.3f} [{low:+.3f}, {high:+.3f}]")
    print(f"seconds: {REFERENCE} {spent[0]:.0f}, KAN {spent[1]:.0f}")
    print(f"{'family':20} {'GELU ID':>8} {'KAN ID':>8} {'GELU OOD':>9} {'KAN OOD':>8}")
    mine, theirs = family_scores(own), family_scores(reference)
    for family, (inside, outside) in mine.items():
        there = theirs[family]
        print(
            f"{family:20} {there[0].value:>8.3f} {inside.value:>8.3f} "
            f"{there[1].value:>9.3f} {outside.value:>8.3f}"
        )


def answers(lesson: Lesson, recipe: Recipe, width: int, grid: int) -> Predictions:
    """What a net of each seed and learning rate answers to the queries."""
    found = [
        [_answer(lesson, seed, rate, recipe, width, grid) for rate in recipe.learning_rates]
        for seed in range(len(lesson.noise_seeds))
    ]
    return np.stack([np.stack(each) for each in found]).astype(np.float32)


def _answer(
    lesson: Lesson, seed: int, rate: float, recipe: Recipe, width: int, grid: int
) -> np.ndarray:
    from inkan import KANNetwork

    torch.manual_seed(int(lesson.noise_seeds[seed] % 2**31))
    inputs, queries = (torch.from_numpy(e[seed, :, 0]) for e in (lesson.inputs, lesson.queries))
    targets = torch.from_numpy(lesson.targets[seed])
    sizes = [inputs.shape[1], *[width] * recipe.hidden_layers, targets.shape[1]]
    net = KANNetwork(sizes, grid_size=grid, grid_range=(-3.0, 3.0), compile_basis=False)
    optimiser = torch.optim.Adam(net.parameters(), lr=rate)
    for step in range(recipe.steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * recipe.learning_rate_factor(step)
        said = net(inputs)
        loss = (said - targets).square().sum(dim=1).mean()
        if lesson.classes:
            loss = -(targets * said.log_softmax(dim=1)).sum(dim=1).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), recipe.clip)
        optimiser.step()
    with torch.no_grad():
        said = net(queries)
        said = torch.softmax(said, dim=1) if lesson.classes else said
    return np.where(np.isfinite(said.numpy()), said.numpy(), np.nan)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="valid")
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--width", type=int, default=8)
    parser.add_argument("--grid", type=int, default=5)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    main(asked.split, Recipe(seeds=asked.seeds, steps=asked.steps), asked.width, asked.grid)
