from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from fitness.errors import FitnessError
from fitness.exam import draw
from fitness.frames import pack_lessons, pack_predictions, unpack_lessons, unpack_predictions
from fitness.lesson import Lesson, Predictions
from fitness.losses import grade
from fitness.measure import measure
from fitness.recipe import Recipe
from fitness.suites import select
from fitness.train import train_all
from tests.mirror.fitness.activations import GELU, LOGARITHM

RECIPE = Recipe(steps=30, width=8, training_points=32, validation_points=16, ood_points=16)
SPLIT = select().only("mul2", "step1")


def _train_here(lessons: tuple[Lesson, ...]) -> tuple[Predictions, ...]:
    return train_all(GELU, lessons, RECIPE)


def test_measuring_twice_gives_the_same_losses() -> None:
    first, again = (measure(_train_here, SPLIT, RECIPE).to_json() for _ in range(2))
    assert first == again


def test_a_trainer_behind_frames_measures_what_one_in_this_process_does() -> None:
    def train_elsewhere(lessons: tuple[Lesson, ...]) -> tuple[Predictions, ...]:
        received = unpack_lessons(pack_lessons(lessons))
        frame = pack_predictions(train_all(GELU, received, RECIPE))
        return unpack_predictions(frame, lessons, RECIPE)

    here, there = (measure(each, SPLIT, RECIPE) for each in (_train_here, train_elsewhere))
    assert here.to_json() == there.to_json()


def test_another_round_gives_other_losses() -> None:
    rounds = [measure(_train_here, SPLIT, RECIPE, number).to_json() for number in (0, 1)]
    assert rounds[0]["tasks"] != rounds[1]["tasks"]


def test_an_activation_that_fails_everywhere_is_measured_without_an_error() -> None:
    losses = measure(lambda each: train_all(LOGARITHM, each, RECIPE), SPLIT, RECIPE)
    assert all(np.isinf(task.inside).all() for task in losses.tasks)


def test_a_net_that_fails_only_out_of_distribution_keeps_its_losses_within() -> None:
    exam = draw(SPLIT, RECIPE)
    predictions = [each.copy() for each in _train_here(exam.lessons)]
    predictions[0][0, 0, -1] = np.nan
    graded = grade(exam, predictions).tasks[0]
    assert np.isfinite(graded.inside).all()
    assert np.isinf(graded.outside).sum() == 1


def test_predictions_for_too_few_lessons_are_refused() -> None:
    with pytest.raises(FitnessError, match="1 predictions for 2 lessons"):
        measure(lambda lessons: train_all(GELU, lessons[:1], RECIPE), SPLIT, RECIPE)


def test_more_seeds_are_asked_for_by_the_recipe() -> None:
    more = Recipe.from_json({**RECIPE.to_json(), "seeds": 6})
    train = partial(train_all, GELU)
    losses = measure(lambda lessons: train(lessons, more), SPLIT, more, 1)
    assert losses.tasks[0].inside.shape == (6, 4)
