"""What is known to mislead (README): each test fails when its trap is opened again."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from fitness.activation import gain
from fitness.errors import FitnessError
from fitness.exam import draw
from fitness.judgement import judge
from fitness.losses import constant_predictor, grade, linear_predictor
from fitness.recipe import Recipe
from fitness.suites import select
from fitness.train import train_all
from tests.mirror.fitness import activations
from tests.mirror.fitness.activations import Written
from tests.mirror.fitness.synthetic import losses, task

NAMES = tuple("abcd")
GELU = losses(*[task(name, -2.0, -1.0) for name in NAMES])
LINE = losses(*[task(name, -0.5, 0.0) for name in NAMES])


def test_one_learning_rate_for_all_is_refused() -> None:
    with pytest.raises(FitnessError, match="two or more"):
        Recipe(learning_rates=(0.03,))


def test_every_activation_has_the_rate_that_suits_it() -> None:
    slow = losses(*[task(name, [[-2.5, 1.0]] * 4, [[-1.5, 1.0]] * 4) for name in NAMES])
    quick = losses(*[task(name, [[1.0, -2.5]] * 4, [[1.0, -1.5]] * 4) for name in NAMES])
    assert judge(slow, GELU, LINE).fitness == judge(quick, GELU, LINE).fitness > 0
    assert set(judge(quick, GELU, LINE).learning_rates.values()) == {0.1}


def test_the_rate_is_blind_to_what_happens_out_of_distribution() -> None:
    inside = [[-1.0, -2.0]] * 4
    lucky = losses(*[task(name, inside, [[-4.0, -1.0]] * 4) for name in NAMES])
    unlucky = losses(*[task(name, inside, [[np.inf, -1.0]] * 4) for name in NAMES])
    assert judge(lucky, GELU, LINE).fitness == judge(unlucky, GELU, LINE).fitness == 0.0


def test_a_rate_at_the_end_of_the_grid_is_flagged() -> None:
    assert judge(GELU, GELU, LINE).edges == NAMES


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (torch.relu, 1.414),
        (torch.nn.functional.elu, 1.245),
        (torch.nn.functional.selu, 1.0),
        (torch.nn.functional.gelu, 1.534),
        (torch.nn.functional.silu, 1.677),
        (torch.nn.functional.mish, 1.487),
        (torch.tanh, 1.593),
        (torch.sigmoid, 1.846),
        (torch.sin, 1.521),
        (lambda x: torch.relu(x).square(), 0.817),
        (lambda x: x + torch.sin(x).square(), 0.875),
        (torch.zeros_like, 1.0),
        (torch.log, 1.0),
    ],
)
def test_the_initial_gain_is_the_activations_own(function, expected: float) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    assert gain(Written(function, lambda x: (x, x))) == pytest.approx(expected, abs=2e-3)


def test_in_and_out_of_distribution_are_both_measured_and_kept_apart() -> None:
    good_inside = losses(*[task(name, -2.4, -1.0) for name in NAMES])
    good_outside = losses(*[task(name, -2.0, -1.4) for name in NAMES])
    assert judge(good_inside, GELU, LINE).fitness == pytest.approx(0.5 * 0.4)
    assert judge(good_outside, GELU, LINE).fitness == pytest.approx(0.5 * 0.4)


def test_what_fits_worse_than_a_line_earns_nothing_elsewhere() -> None:
    lucky = losses(*[task(name, -0.4, -1.4) for name in NAMES])
    judgement = judge(lucky, GELU, LINE)
    assert judgement.gated == NAMES
    assert judgement.fitness == pytest.approx(0.5 * -1.0)


def test_a_flat_shifted_side_does_not_make_errors_explode() -> None:
    exam = draw(select().only("step1"), Recipe(steps=30))
    answers = exam.answers[0]
    flat = np.where(answers.outside > 0, 1.0, -1.0)
    np.testing.assert_allclose(
        answers.outside / np.abs(answers.outside).mean(axis=1, keepdims=True), flat, atol=0.3
    )
    pooled = np.concatenate([answers.inside, answers.outside], axis=1)
    np.testing.assert_allclose(answers.variance, pooled.var(axis=1)[:, 0])


def test_a_specialist_does_not_pay() -> None:
    specialist = losses(task("a", -4.0, -4.0), *[task(name, -1.8, -0.8) for name in NAMES[1:]])
    broad = losses(*[task(name, -2.05, -1.05) for name in NAMES])
    assert judge(specialist, GELU, LINE).fitness < judge(broad, GELU, LINE).fitness


def test_a_gain_from_at_most_two_tasks_is_flagged() -> None:
    two = [task(name, -2.5, -1.5) for name in "ab"] + [task(name, -2.0, -1.0) for name in "cd"]
    three = [task(name, -2.5, -1.5) for name in "abc"] + [task("d", -2.0, -1.0)]
    assert judge(losses(*two), GELU, LINE).narrow
    assert not judge(losses(*three), GELU, LINE).narrow
    assert not judge(LINE, GELU, LINE).narrow


def test_a_failed_net_is_counted_and_scores_worst_instead_of_being_dropped() -> None:
    half = [[-3.0, -3.0]] * 2 + [[np.inf, np.inf]] * 2
    judgement = judge(losses(*[task(name, half, half) for name in NAMES]), GELU, LINE)
    assert judgement.failed_share == 0.5
    assert judgement.fitness < 0


def test_a_candidate_whose_every_net_fails_gets_the_worst_of_everything() -> None:
    dead = losses(*[task(name, np.inf, np.inf) for name in NAMES])
    judgement = judge(dead, GELU, LINE)
    assert judgement.fitness == -1.0
    assert judgement.failed_share == 1.0
    assert set(judgement.scores.values()) == {0.0}


def test_a_large_family_does_not_outvote_the_others() -> None:
    many = [task(name, -2.4, -1.4, family="polynomial") for name in "abc"]
    both = losses(*many, task("d", -1.6, -0.6))
    reference = losses(*[task(n, -2.0, -1.0, family="polynomial") for n in "abc"], GELU.tasks[3])
    assert judge(both, reference, LINE).fitness == pytest.approx(0.0)


def test_the_controls_lose_on_the_real_suite() -> None:
    torch.set_num_threads(1)
    recipe = Recipe(steps=200)
    exam = draw(select(), recipe)
    gelu, line, square = (
        grade(exam, train_all(each, exam.lessons, recipe))
        for each in (activations.GELU, activations.IDENTITY, activations.SQUARE)
    )
    judgement = judge(line, gelu, line)
    assert judgement.fitness < -0.2
    assert judge(square, gelu, line).fitness < -0.03
    assert judge(square, gelu, line).gains["poly3_2/shell"] == 0.5  # it holds the target's basis
    constant = judge(constant_predictor(exam), gelu, line)
    assert constant.fitness < judgement.fitness
    assert len(constant.gated) >= 6


def test_the_linear_control_is_what_nets_without_an_activation_come_to() -> None:
    exam = draw(select("lab", "search").only("absmax3", "step1"), Recipe(), 0)
    trained = grade(exam, train_all(activations.IDENTITY, exam.lessons, exam.recipe))
    for line, nets in zip(linear_predictor(exam).tasks, trained.tasks, strict=True):
        assert np.allclose(np.log10(line.inside), np.log10(nets.inside), atol=0.01)


def test_ranks_among_answers_that_are_worse_than_none_do_not_count() -> None:
    bad = losses(*[task(name, -2.0, 0.3) for name in NAMES])
    worse = losses(*[task(name, -2.0, 2.0) for name in NAMES])
    assert judge(bad, GELU, LINE).fitness == judge(worse, GELU, LINE).fitness < 0
    assert judge(worse, worse, LINE).fitness == judge(bad, worse, LINE).fitness == 0.0


def test_answers_that_are_no_numbers_are_worse_than_any_that_are() -> None:
    wild = losses(*[task(name, -2.0, 3.0) for name in NAMES])
    silent = losses(*[task(name, -2.0, np.inf) for name in NAMES])
    gentle = losses(*[task(name, -2.0, -0.5) for name in NAMES])
    assert judge(silent, gentle, LINE).fitness < judge(wild, gentle, LINE).fitness
