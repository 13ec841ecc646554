from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from fitness.errors import FitnessError
from fitness.judgement import Judgement, judge
from fitness.losses import Losses
from tests.mirror.fitness.synthetic import RECIPE, losses, task

NAMES = tuple("abcd")
GELU = losses(*[task(name, -2.0, -1.0) for name in NAMES])
LINE = losses(*[task(name, -0.5, 0.0) for name in NAMES])


def _judged(candidate: Losses, reference: Losses = GELU, linear: Losses = LINE) -> Judgement:
    return judge(candidate, reference, linear)


def test_gelu_against_itself_is_nought_whatever_is_resampled() -> None:
    judgement = _judged(GELU)
    assert judgement.fitness == 0.0
    assert judgement.interval == judgement.seed_interval == (0.0, 0.0)


def test_a_tenth_of_fitness_is_a_fifth_less_error_everywhere() -> None:
    better = losses(*[task(name, -2.1, -1.1) for name in NAMES])
    assert _judged(better).fitness == pytest.approx(0.1)
    assert pytest.approx(0.21, abs=0.005) == 1 - 10**-0.1


def test_gains_and_scores_are_kept_apart_by_task_and_shift() -> None:
    mixed = losses(task("a", -2.3, -1.0), *[task(name, -2.0, -1.2) for name in NAMES[1:]])
    judgement = _judged(mixed)
    assert judgement.gains["a/none"] == pytest.approx(0.3)
    assert judgement.gains["a/far"] == pytest.approx(0.0)
    assert judgement.gains["b/far"] == pytest.approx(0.2)
    assert judgement.scores["b/far"] == pytest.approx(1.2 / 4)
    assert judgement.fitness == pytest.approx(0.5 * 0.15 + 0.5 * 0.075)


@pytest.mark.parametrize(("weight", "fitness"), [(0.0, 0.2), (0.5, 0.05), (1.0, -0.1)])
def test_a_suite_says_how_much_the_shifted_side_weighs(weight: float, fitness: float) -> None:
    mixed = losses(*[task(name, -2.2, -0.9) for name in NAMES])
    judgement = _judged(replace(mixed, ood_weight=weight))
    assert judgement.fitness == pytest.approx(fitness)
    assert judgement.interval == pytest.approx((fitness, fitness))


def test_the_interval_of_a_gain_is_as_wide_as_its_own_seeds_disagree() -> None:
    shaky = task("a", -2.3, [[-1.0, -1.0]] * 2 + [[-1.8, -1.8]] * 2)
    sure = _judged(losses(shaky, *[task(name, -2.3, -1.0) for name in NAMES[1:]]))
    low, high = sure.gain_intervals["a/far"]
    assert low == pytest.approx(0.0)
    assert low < sure.gains["a/far"] < high == 0.5
    assert sure.gain_intervals["b/none"] == pytest.approx((0.3, 0.3))


def test_a_judgement_is_plain_json() -> None:
    table = json.dumps(_judged(GELU).to_json(), allow_nan=False)
    assert json.dumps(json.loads(table)) == table


def test_losses_survive_json_and_a_failure_is_null() -> None:
    broken = task("a", -1.0, -1.0)
    broken.outside[2, 1] = np.inf
    text = json.dumps(losses(broken).to_json(), allow_nan=False)
    again = Losses.from_json(json.loads(text))
    np.testing.assert_array_equal(again.tasks[0].outside, broken.outside)
    assert "null" in text
    assert again.recipe == RECIPE


def test_the_interval_over_tasks_is_the_wider_where_tasks_disagree() -> None:
    chance = np.random.default_rng(4)
    tasks = [
        task(name, -2.0 + level + 0.05 * chance.standard_normal((4, 2)), -1.0 + level)
        for name, level in zip(NAMES, (-0.4, 0.4, -0.2, 0.3), strict=True)
    ]
    judgement = _judged(losses(*tasks))
    low, high = judgement.interval
    seed_low, seed_high = judgement.seed_interval
    assert low < seed_low < judgement.fitness < seed_high < high


def test_a_judgement_repeats_bit_by_bit() -> None:
    candidate = losses(*[task(name, -2.0, [[-1.0, -2.0]] * 2 + [[0.0, 0.5]] * 2) for name in NAMES])
    assert _judged(candidate) == _judged(candidate)


@pytest.mark.parametrize(
    ("other", "aspect"),
    [
        (replace(GELU, round_number=1), "round"),
        (replace(GELU, split="valid"), "split"),
        (replace(GELU, suite="lab"), "suite"),
        (replace(GELU, recipe=replace(RECIPE, steps=99)), "recipe"),
        (replace(GELU, tasks=GELU.tasks[1:]), "tasks"),
    ],
)
def test_what_was_not_measured_alike_is_not_compared(other: Losses, aspect: str) -> None:
    with pytest.raises(FitnessError, match=f"measured with {aspect}"):
        _judged(GELU, reference=other)
    with pytest.raises(FitnessError, match="the linear control"):
        _judged(GELU, linear=other)
