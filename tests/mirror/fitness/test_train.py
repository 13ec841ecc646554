from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from fitness.exam import draw
from fitness.lesson import Lesson, Predictions
from fitness.recipe import Recipe
from fitness.suites import select
from fitness.train import train, train_all
from tests.benchmarks.fitness import one_by_one
from tests.mirror.fitness import activations
from tests.mirror.fitness.activations import Written

SHORT = Recipe(steps=40, training_points=64, validation_points=16, ood_points=16)


def _lesson(recipe: Recipe, task: str = "poly3_2") -> Lesson:
    return draw(select().only(task), recipe).lessons[0]


def test_the_same_arguments_give_the_same_bits() -> None:
    lesson = _lesson(SHORT)
    first, again = (train(activations.GELU, lesson, SHORT) for _ in range(2))
    assert first.tobytes() == again.tobytes()


def test_the_order_in_which_lessons_are_trained_changes_no_bit() -> None:
    lessons = [_lesson(SHORT, name) for name in ("mul2", "step1")]
    forward = train_all(activations.TANH, lessons, SHORT)
    backward = train_all(activations.TANH, lessons[::-1], SHORT)[::-1]
    assert [each.tobytes() for each in forward] == [each.tobytes() for each in backward]


def test_the_first_seeds_of_a_long_measurement_repeat_a_short_one() -> None:
    long = Recipe.from_json({**SHORT.to_json(), "seeds": 9})
    some = train(activations.GELU, _lesson(SHORT), SHORT)
    more = train(activations.GELU, _lesson(long), long)
    assert more.shape[0] == 9
    assert more[:4].tobytes() == some.tobytes()


@pytest.mark.parametrize("name", ["GELU", "TANH"])
def test_nets_side_by_side_learn_what_each_would_alone_with_autograd(name: str) -> None:
    # At larger rates a difference in the last bit grows, as it does between any two libraries.
    calm = Recipe.from_json({**SHORT.to_json(), "learning_rates": [0.01, 0.03]})
    activation: Written = vars(activations)[name]
    lesson = _lesson(calm).seeds_between(0, 1)
    np.testing.assert_allclose(
        train(activation, lesson, calm),
        one_by_one(activation, activation.function, lesson, calm),
        atol=1e-3,
    )


def test_training_finds_a_target_that_is_in_reach() -> None:
    recipe = Recipe(steps=200)
    exam = draw(select().only("mul2"), recipe)
    predictions = train(activations.SQUARE, exam.lessons[0], recipe)
    validation = predictions[:, :, : recipe.validation_points, 0]
    errors = ((validation - exam.answers[0].inside[:, np.newaxis, :, 0]) ** 2).mean(axis=(0, 2))
    assert errors.min() < 1e-3


def test_the_parameters_of_an_activation_are_trained_too() -> None:
    held = Written(lambda x: x * torch.sigmoid(x), activations.SILU.pieces)
    lesson = _lesson(SHORT)
    own, fixed = train(activations.SWISH, lesson, SHORT), train(held, lesson, SHORT)
    assert not np.allclose(own, fixed)


def _failed(predictions: Predictions) -> float:
    return float(np.isnan(predictions).all(axis=(2, 3)).mean())


@pytest.mark.parametrize("name", ["LOGARITHM", "EXPLODING", "STEEP", "ZERO"])
def test_a_hostile_activation_answers_numbers_or_nan_but_never_infinity(name: str) -> None:
    predictions = train(vars(activations)[name], _lesson(SHORT), SHORT)
    assert not np.isinf(predictions).any()


def test_an_activation_that_is_no_number_on_half_the_line_fails_every_net() -> None:
    assert _failed(train(activations.LOGARITHM, _lesson(SHORT), SHORT)) == 1.0


def test_an_activation_that_is_zero_predicts_a_constant() -> None:
    predictions = train(activations.ZERO, _lesson(SHORT), SHORT)
    np.testing.assert_allclose(predictions, predictions[:, :, :1].repeat(32, axis=2))


def test_a_poisoned_seed_fails_alone() -> None:
    lesson = _lesson(SHORT)
    clean = train(activations.GELU, lesson, SHORT)
    inputs = lesson.inputs.copy()
    inputs[1, 0, 0] = np.inf
    poisoned = Lesson(inputs, lesson.targets, lesson.queries, lesson.noise_seeds)
    predictions = train(activations.GELU, poisoned, SHORT)
    assert np.isnan(predictions[1]).all()
    assert predictions[[0, 2, 3]].tobytes() == clean[[0, 2, 3]].tobytes()


def test_where_a_trained_net_overflows_it_answers_nan_and_elsewhere_numbers() -> None:
    lesson = _lesson(SHORT)
    queries = lesson.queries.copy()
    queries[:, 0] = 1e30
    far = Lesson(lesson.inputs, lesson.targets, queries, lesson.noise_seeds)
    predictions = train(activations.SQUARE, far, SHORT)
    assert np.isnan(predictions[:, :, 0]).all()
    assert np.isfinite(predictions[:, :, 1:]).all()


def test_training_leaves_the_threads_arithmetic_as_it_was() -> None:
    train(activations.GELU, _lesson(SHORT), SHORT)
    assert torch.full((1,), 1e-30).mul(1e-10).item() > 0.0
    assert torch.is_grad_enabled()


_LOCKED = """
import sys
from fitness import frames, train
from fitness.recipe import Recipe
import numpy as np
from tests.mirror.fitness.activations import GELU
from fitness.lesson import Lesson
train.warm_up()
lesson = Lesson(
    np.zeros((4, 192, 1, 2), np.float32), np.ones((4, 192, 1), np.float32),
    np.zeros((4, 768, 1, 2), np.float32), np.arange(4, dtype=np.uint64))
message = frames.pack_lessons([lesson])
GELU.value_and_slopes(__import__("torch").zeros(3), ())
seen = []
sys.addaudithook(lambda event, _: seen.append(event) if event in {"open", "import"} else None)
recipe = Recipe(steps=5, warm_up=2)
frames.pack_predictions(train.train_all(GELU, frames.unpack_lessons(message), recipe))
assert not seen, seen
knows = ("fitness.tasks", "fitness.exam", "fitness.suites", "fitness.losses", "fitness.scores",
         "fitness.judgement", "fitness.measure", "fitness.chance", "torch._dynamo", "scipy")
assert not [name for name in sys.modules if name.startswith(knows)], sys.modules.keys()
"""


def test_after_its_warm_up_the_trainer_opens_no_file_and_knows_no_answer() -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", _LOCKED], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
