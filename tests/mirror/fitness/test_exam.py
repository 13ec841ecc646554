from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fitness.errors import FitnessError
from fitness.exam import Exam, draw
from fitness.frames import pack_lessons
from fitness.recipe import Recipe
from fitness.suites import select

RECIPE = Recipe(training_points=64, validation_points=32, ood_points=48)


@pytest.fixture(scope="module")
def exam() -> Exam:
    return draw(select(), RECIPE)


def test_a_lesson_is_standardised_on_what_is_trained(exam: Exam) -> None:
    for lesson in exam.lessons:
        np.testing.assert_allclose(lesson.inputs.mean(axis=1), 0.0, atol=1e-5)
        np.testing.assert_allclose(lesson.inputs.std(axis=1), 1.0, atol=1e-4)
        np.testing.assert_allclose(lesson.targets.mean(axis=1), 0.0, atol=1e-5)
        np.testing.assert_allclose(lesson.targets.std(axis=1), 1.0, atol=1e-4)


def test_no_hidden_label_travels_with_a_lesson(exam: Exam) -> None:
    message = pack_lessons(exam.lessons)
    for answers in exam.answers:
        for label in np.concatenate([answers.inside, answers.outside], axis=1).ravel()[::17]:
            assert np.float32(label).tobytes() not in message
            assert label.tobytes() not in message


def test_no_point_is_both_trained_on_and_asked_about(exam: Exam) -> None:
    for lesson in exam.lessons:
        for inputs, queries in zip(lesson.inputs, lesson.queries, strict=True):
            assert not {row.tobytes() for row in inputs} & {row.tobytes() for row in queries}


def test_every_candidate_of_a_round_meets_the_same_exam(exam: Exam) -> None:
    assert pack_lessons(draw(select(), RECIPE).lessons) == pack_lessons(exam.lessons)


def test_a_task_is_drawn_alike_in_any_company(exam: Exam) -> None:
    alone = draw(select().only("step1"), RECIPE)
    place = [answers.task for answers in exam.answers].index("step1")
    assert pack_lessons(alone.lessons) == pack_lessons(exam.lessons[place : place + 1])


def test_more_seeds_begin_with_the_same_ones(exam: Exam) -> None:
    more = draw(select(), Recipe.from_json({**RECIPE.to_json(), "seeds": 7}))
    again = [lesson.seeds_between(0, 4) for lesson in more.lessons]
    assert pack_lessons(again) == pack_lessons(exam.lessons)


def test_another_round_has_other_points_other_noise_and_other_targets(exam: Exam) -> None:
    other = draw(select(), RECIPE, 1)
    for mine, theirs in zip(exam.lessons, other.lessons, strict=True):
        assert not np.intersect1d(mine.inputs, theirs.inputs).size
        assert not np.intersect1d(mine.noise_seeds, theirs.noise_seeds).size


def test_a_suites_name_changes_the_targets_and_not_the_points(exam: Exam) -> None:
    other = draw(replace(select(), suite="another"), RECIPE)
    for mine, theirs in zip(exam.lessons, other.lessons, strict=True):
        np.testing.assert_array_equal(mine.inputs, theirs.inputs)
        assert not np.allclose(mine.targets, theirs.targets)


def test_every_seed_has_points_of_its_own(exam: Exam) -> None:
    for lesson in exam.lessons:
        assert not np.intersect1d(lesson.inputs[0], lesson.inputs[1]).size


def test_seeds_of_one_round_are_all_different(exam: Exam) -> None:
    seeds = np.concatenate([lesson.noise_seeds for lesson in exam.lessons])
    assert len(set(seeds.tolist())) == len(seeds)


def test_a_round_before_the_first_is_refused() -> None:
    with pytest.raises(FitnessError, match="rounds count from 0"):
        draw(select(), RECIPE, -1)
