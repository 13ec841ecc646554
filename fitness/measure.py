"""Measures an activation: draws a round, has it trained elsewhere, grades the answers here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from fitness.exam import draw
from fitness.lesson import Lesson, Predictions
from fitness.losses import Losses, grade
from fitness.recipe import Recipe
from fitness.suites import Split

Trainer: TypeAlias = Callable[[tuple[Lesson, ...]], tuple[Predictions, ...]]
"""Trains one activation on lessons: in a locked process, or `train.train_all` in this one."""


def measure(train: Trainer, split: Split, recipe: Recipe, round_number: int = 0) -> Losses:
    """The raw losses of the activation that `train` trains.

    Every candidate of a round meets the same points, noise and order (common random numbers);
    whoever measures many in one round may draw it once: `grade(exam, train(exam.lessons))`.

    Raises:
        FitnessError: the round is negative.
    """
    exam = draw(split, recipe, round_number)
    return grade(exam, train(exam.lessons))
