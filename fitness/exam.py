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
from fitness.task import NO_SHIFT, OOD_WEIGHT, Batch, Inputs, Task

_ROUNDING = 1e-12  # a deviation below this share of the mean is arithmetic, not variation


@dataclass(frozen=True, eq=False)
class Answers:
    """What a trainer may not see: the targets of the queries, on the scale of the lesson's targets.

    Attributes:
        task: name of the task.
        family: its family.
        shift: name of the out-of-distribution side.
        inside: validation targets.
        outside: targets after the shift.
        variance: of both pooled, a seed, summed over outputs. A flat out-of-distribution side
            alone would make errors explode.
    """

    task: str
    family: str
    shift: str
    inside: Float64[np.ndarray, "seeds validation outputs"]
    outside: Float64[np.ndarray, "seeds ood outputs"]
    variance: Float64[np.ndarray, " seeds"]


@dataclass(frozen=True, eq=False)
class Exam:
    """A round: lessons for the trainer, and answers that stay here, in the split's order.

    It holds no task, so it travels: a machine that measures needs neither tables nor code of ours.

    Attributes:
        suite: name of the suite.
        split: name of the split.
        recipe: how it is trained.
        round_number: 0 is the search; every other has fresh points, noise and transforms.
        lessons: one a task.
        answers: one a task.
        ood_weight: share of the shifted sides in the fitness.
    """

    suite: str
    split: str
    recipe: Recipe
    round_number: int
    lessons: tuple[Lesson, ...]
    answers: tuple[Answers, ...]
    ood_weight: float = OOD_WEIGHT


def draw(split: Split, recipe: Recipe, round_number: int = 0) -> Exam:
    """The round's exam: the same for every candidate, whenever and wherever it is drawn.

    Raises:
        FitnessError: the round is negative, or the targets of a task do not vary.
    """
    if round_number < 0:
        raise FitnessError(f"round {round_number} does not exist; rounds count from 0")
    drawn = [_draw_task(task, split.suite, recipe, round_number) for task in split.tasks]
    lessons, answers = zip(*drawn, strict=True)
    suite, name, weight = split.suite, split.name, split.ood_weight
    return Exam(suite, name, recipe, round_number, lessons, answers, weight)


@dataclass(frozen=True, eq=False)
class _Sheet:
    """One seed of one task: what is seen, what is asked, and how many of these are validation."""

    seen: Batch
    asked: Batch
    validation: int
    noise_seed: np.uint64


def _draw_task(task: Task, suite: str, recipe: Recipe, round_number: int) -> tuple[Lesson, Answers]:
    sheets = [_draw_seed(task, suite, recipe, round_number, seed) for seed in range(recipe.seeds)]
    lesson = Lesson(
        np.stack([_sets(each.seen.inputs) for each in sheets]).astype(np.float32),
        np.stack([each.seen.targets for each in sheets]).astype(np.float32),
        np.stack([_sets(each.asked.inputs) for each in sheets]).astype(np.float32),
        np.array([each.noise_seed for each in sheets], dtype=np.uint64),
        task.classes,
    )
    hidden = np.stack([each.asked.targets for each in sheets])
    inside, outside = np.split(hidden, [sheets[0].validation], axis=1)
    variance = hidden.var(axis=1).sum(axis=1)
    if not (variance > 0).all():
        raise FitnessError(
            f"task {task.name} asks for targets that do not vary; give it more points"
        )
    return lesson, Answers(task.name, task.family, task.shifts[1], inside, outside, variance)


def _draw_seed(task: Task, suite: str, recipe: Recipe, round_number: int, seed: int) -> _Sheet:
    redrawn = task.redrawn(stream("transform", suite, task.name, round_number, seed))
    # Weights and points have streams of their own, so that the one tells nothing of the other.
    points = stream("points", task.name, round_number, seed)
    noise = stream("weights", task.name, round_number, seed)
    # One draw, then cut: a task with a fixed table never trains on what it validates on.
    wanted = recipe.training_points + recipe.validation_points
    within = redrawn.batch(NO_SHIFT, wanted, points)
    beyond = redrawn.batch(task.shifts[1], recipe.ood_points, points)
    there = len(within.targets)
    known = recipe.training_points * there // wanted  # a small table is cut in the same proportion
    seen, asked = _standardised(within, beyond, known, classes=task.classes)
    return _Sheet(seen, asked, there - known, noise.integers(2**63, dtype=np.uint64))


def _standardised(
    within: Batch, beyond: Batch, known: int, *, classes: bool
) -> tuple[Batch, Batch]:
    """What is trained on and what is asked, both on the scale of what is trained on."""
    inputs = _scaled(_joined(within.inputs, beyond.inputs), known, flat=np.inf)
    if inputs.ndim == 2:  # a point's missing value is replaced by the mean of what is trained on
        inputs = np.nan_to_num(inputs, nan=0.0)
    targets = np.concatenate([within.targets, beyond.targets])
    targets = targets if classes else _scaled(targets, known, flat=1.0)
    elements = within.inputs.shape[1:-1]  # training sets are not filled up to the shifted ones
    seen = inputs[:known, : elements[0]] if elements else inputs[:known]
    return Batch(seen, targets[:known]), Batch(inputs[known:], targets[known:])


def _joined(within: Inputs, beyond: Inputs) -> Inputs:
    """Both, sets filled up with NaN to the size of the largest."""
    if within.ndim == 2:
        return np.concatenate([within, beyond])
    largest = max(within.shape[1], beyond.shape[1])
    filled = [
        np.pad(each, ((0, 0), (0, largest - each.shape[1]), (0, 0)), constant_values=np.nan)
        for each in (within, beyond)
    ]
    return np.concatenate(filled)


def _scaled(
    values: Float64[np.ndarray, "points *elements features"], known: int, *, flat: float
) -> Float64[np.ndarray, "points *elements features"]:
    """Mean 0 and variance 1 over the known points; what does not vary in them is divided by `flat`.

    Nothing can be learned about such a feature, so it is 0 for all; such targets are only centred.
    """
    over = tuple(range(values.ndim - 1))
    center = np.nanmean(values[:known], axis=over, keepdims=True)
    deviation = np.nanstd(values[:known], axis=over, keepdims=True)
    varies = deviation > _ROUNDING * np.abs(center)
    return np.asarray((values - center) / np.where(varies, deviation, flat))


def _sets(inputs: Inputs) -> Float64[np.ndarray, "points elements features"]:
    """Points as sets of one element; sets as they are."""
    return inputs if inputs.ndim == 3 else inputs[:, np.newaxis]
