"""Draws a round's data, and parts what a trainer may see from what it may not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from fitness.chance import stream
from fitness.errors import FitnessError
from fitness.lesson import Lesson
from fitness.recipe import Recipe
from fitness.suites import Split
from fitness.task import NO_SHIFT, Batch, Task


@dataclass(frozen=True, eq=False)
class Answers:
    """What a trainer may not see: the targets of the queries, on the scale of the lesson's targets.

    Attributes:
        task: name of the task.
        family: its family.
        shift: name of the out-of-distribution side.
        inside: validation targets.
        outside: targets after the shift.
        variance: of both pooled, a seed. A flat out-of-distribution side alone would make errors
            explode (FITNESS.md, trap 5).
    """

    task: str
    family: str
    shift: str
    inside: Float64[np.ndarray, "seeds validation"]
    outside: Float64[np.ndarray, "seeds ood"]
    variance: Float64[np.ndarray, " seeds"]


@dataclass(frozen=True, eq=False)
class Exam:
    """A round: lessons for the trainer, and answers that stay here, in the split's order.

    Attributes:
        split: what is measured.
        recipe: how it is trained.
        round_number: 0 is the search; every other has fresh points, noise and transforms.
        lessons: one a task.
        answers: one a task.
    """

    split: Split
    recipe: Recipe
    round_number: int
    lessons: tuple[Lesson, ...]
    answers: tuple[Answers, ...]


def draw(split: Split, recipe: Recipe, round_number: int = 0) -> Exam:
    """The round's exam: the same for every candidate, whenever and wherever it is drawn.

    Raises:
        FitnessError: the round is negative.
    """
    if round_number < 0:
        raise FitnessError(f"round {round_number} does not exist; rounds count from 0")
    drawn = [_draw_task(task, split.suite, recipe, round_number) for task in split.tasks]
    lessons, answers = zip(*drawn, strict=True)
    return Exam(split, recipe, round_number, lessons, answers)


def _draw_task(task: Task, suite: str, recipe: Recipe, round_number: int) -> tuple[Lesson, Answers]:
    redrawn = task.redrawn(stream("transform", suite, task.name, round_number))
    shift = task.shifts[1]
    inputs, targets, queries, hidden, noise_seeds = [], [], [], [], []
    for seed in range(recipe.seeds):
        # Weights and points have streams of their own, so that the one tells nothing of the other.
        points = stream("points", task.name, round_number, seed)
        noise = stream("weights", task.name, round_number, seed)
        # One draw, then cut: a task with a fixed table never trains on what it validates on.
        known = recipe.training_points
        within = redrawn.batch(NO_SHIFT, known + recipe.validation_points, points)
        beyond = redrawn.batch(shift, recipe.ood_points, points)
        seen, asked = _standardised(within, beyond, known)
        inputs.append(seen.inputs)
        targets.append(seen.targets)
        queries.append(asked.inputs)
        hidden.append(asked.targets)
        noise_seeds.append(noise.integers(2**63, dtype=np.uint64))
    lesson = Lesson(
        np.stack(inputs).astype(np.float32),
        np.stack(targets).astype(np.float32),
        np.stack(queries).astype(np.float32),
        np.array(noise_seeds, dtype=np.uint64),
    )
    return lesson, _answers(task, shift, np.stack(hidden), recipe)


def _answers(
    task: Task, shift: str, hidden: Float64[np.ndarray, "seeds queries"], recipe: Recipe
) -> Answers:
    inside, outside = np.split(hidden, [recipe.validation_points], axis=1)
    return Answers(task.name, task.family, shift, inside, outside, hidden.var(axis=1))


def _standardised(within: Batch, beyond: Batch, known: int) -> tuple[Batch, Batch]:
    """What is trained on and what is asked, both on the scale of what is trained on."""
    inputs = _scaled(np.concatenate([within.inputs, beyond.inputs]), known)
    targets = _scaled(np.concatenate([within.targets, beyond.targets]), known)
    return Batch(inputs[:known], targets[:known]), Batch(inputs[known:], targets[known:])


def _scaled(
    values: Float64[np.ndarray, "points ..."], known: int
) -> Float64[np.ndarray, "points ..."]:
    """Mean 0 and variance 1 over the known points; what does not vary is only centred."""
    center = values[:known].mean(axis=0, keepdims=True)
    deviation = values[:known].std(axis=0, keepdims=True)
    return np.asarray((values - center) / np.where(deviation > 0, deviation, 1.0))
