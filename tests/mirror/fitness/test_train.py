from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from jaxtyping import Float32

from fitness.errors import FitnessError
from fitness.exam import Exam, draw
from fitness.lesson import Lesson, Predictions
from fitness.losses import grade
from fitness.recipe import Recipe
from fitness.suites import select
from fitness.train import train, train_all, train_together
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


@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("rates", [(0.03, 0.1), SHORT.learning_rates])
def test_lessons_of_one_form_share_a_batch_and_are_answered_bit_by_bit_as_alone(
    seeds: int, rates: tuple[float, ...]
) -> None:
    recipe = replace(SHORT, seeds=seeds, learning_rates=rates)
    lessons = [*draw(select(), recipe).lessons, *draw(select("lab", "valid"), recipe).lessons]
    assert 1 < len({each.form for each in lessons}) < len(lessons) - 3
    found = train_all(activations.SWISH, lessons, recipe)
    alone = [train(activations.SWISH, each, recipe) for each in lessons]
    assert [each.tobytes() for each in found] == [each.tobytes() for each in alone]


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


def test_the_placement_says_in_which_layers_the_candidate_stands() -> None:
    lesson = _lesson(SHORT)

    def trained(placement: str, candidate: Written, other: Written | None) -> bytes:
        return train(candidate, lesson, replace(SHORT, placement=placement), other).tobytes()

    gelu, tanh = activations.GELU, activations.TANH
    assert trained("all", gelu, tanh) == trained("all", gelu, None)
    assert trained("first", gelu, tanh) == trained("layer 1", gelu, tanh)
    assert trained("layer 1", gelu, tanh) == trained("layer 2", tanh, gelu)
    assert trained("layer 2", gelu, gelu) == trained("all", gelu, None)
    assert len({trained(each, gelu, tanh) for each in ("all", "layer 1", "layer 2")}) == 3
    with pytest.raises(FitnessError, match="wants an activation elsewhere"):
        trained("first", gelu, None)


def test_momentum_finds_what_is_in_reach_as_adam_does() -> None:
    for optimiser in ("adam", "sgd"):
        recipe = Recipe(steps=300, optimiser=optimiser)
        exam = draw(select().only("mul2"), recipe)
        (graded,) = grade(exam, [train(activations.GELU, exam.lessons[0], recipe)]).tasks
        assert np.median(graded.inside.min(axis=1)) < 0.02


def test_classes_are_answered_with_probabilities_and_learned() -> None:
    chance = np.random.default_rng(3)
    points = chance.standard_normal((2, 90, 1, 2)).astype(np.float32)
    kinds = (points[:, :, 0, 0] * points[:, :, 0, 1] > 0).astype(int)
    targets = np.eye(2, dtype=np.float32)[kinds]
    lesson = Lesson(points, targets, points, np.arange(2, dtype=np.uint64), classes=True)
    answers = train(activations.GELU, lesson, Recipe(steps=150, seeds=2))
    np.testing.assert_allclose(answers.sum(axis=3), 1.0, atol=1e-5)
    right = answers.argmax(axis=3) == kinds[:, np.newaxis]
    assert right.mean(axis=2).max(axis=1).min() > 0.95  # exclusive or, which no line can tell


def test_sets_of_other_sizes_are_answered_by_the_sum_over_their_elements() -> None:
    chance = np.random.default_rng(4)

    def sets(largest: int, sizes: range) -> Float32[np.ndarray, "seeds points elements features"]:
        drawn = chance.standard_normal((2, 120, largest, 1))
        drawn[np.arange(largest) >= chance.choice(sizes, (2, 120, 1))] = np.nan
        return drawn.astype(np.float32)

    seen, asked = sets(4, range(2, 5)), sets(8, range(6, 9))
    truth = np.nansum(asked, axis=2)
    lesson = Lesson(seen, np.nansum(seen, axis=2), asked, np.arange(2, dtype=np.uint64))
    answers = train(activations.IDENTITY, lesson, Recipe(steps=300, seeds=2))
    errors = ((answers - truth[:, np.newaxis]) ** 2).mean(axis=(2, 3))
    assert errors.min() < 1e-3 * truth.var()


@pytest.mark.parametrize("task", ["poly3_2", "setl2"])
def test_candidates_in_one_batch_answer_bit_by_bit_what_each_would_alone(task: str) -> None:
    split = "valid" if task == "setl2" else "search"
    lesson = draw(select("lab", split).only(task), SHORT).lessons[0]
    candidates = [activations.GELU, activations.EXPLODING, activations.TANH, activations.LOGARITHM]
    together = [each for (each,) in train_together(candidates, [lesson], SHORT)]
    alone = [train(each, lesson, SHORT) for each in candidates]
    assert [each.tobytes() for each in together] == [each.tobytes() for each in alone]
    assert [_failed(each) == 1.0 for each in together] == [False, True, False, True]


@pytest.mark.parametrize("placement", ["all", "layer 2"])
def test_candidates_with_parameters_and_without_share_a_batch(placement: str) -> None:
    # A gradient's length is summed over as many numbers as the longest has: in another order.
    calm = replace(SHORT, learning_rates=(0.01, 0.03), placement=placement)
    lesson = _lesson(calm)
    candidates = [activations.SWISH, activations.LOGARITHM, activations.WAVES, activations.GELU]
    together = [each for (each,) in train_together(candidates, [lesson], calm, activations.SWISH)]
    alone = [train(each, lesson, calm, activations.SWISH) for each in candidates]
    np.testing.assert_allclose(together, alone, rtol=1e-3, atol=1e-3)
    assert [_failed(each) for each in together] == [0.0, 1.0, 0.0, 0.0]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_a_gpu_trains_to_the_same_errors_within_a_tenth() -> None:
    exam = draw(select(), Recipe(steps=200))
    on_gpu = replace(exam.recipe, device="cuda")
    candidates = [activations.GELU, activations.SWISH, activations.LOGARITHM, activations.TANH]
    batch = train_together(candidates, exam.lessons, on_gpu)
    for candidate, answers in zip(candidates, batch, strict=True):
        ways = [
            [train(candidate, lesson, exam.recipe) for lesson in exam.lessons],
            [train(candidate, lesson, on_gpu) for lesson in exam.lessons],
            answers,
        ]
        cpu, alone, together = (_log_errors(exam, answers) for answers in ways)
        np.testing.assert_allclose(cpu, alone, atol=0.1)
        np.testing.assert_allclose(cpu, together, atol=0.1)


def _log_errors(exam: Exam, answers: Sequence[Predictions]) -> list[float]:
    graded = grade(exam, answers).tasks
    return [float(np.log10(np.median(task.inside, axis=0).min())) for task in graded]


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
