from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitness import scores
from fitness.losses import normalised_error
from fitness.statistics import (
    interquartile_mean,
    percentile_interval,
    seed_resamples,
    task_resamples,
)


def test_an_error_is_measured_in_variances() -> None:
    predictions = np.array([[[[0.0], [0.0]], [[1.0], [3.0]]]])
    errors = normalised_error(predictions, np.array([[[1.0], [3.0]]]), np.array([10.0]))
    np.testing.assert_allclose(errors, [[0.5, 0.0]])


def test_a_prediction_that_is_no_number_makes_the_error_infinite() -> None:
    predictions = np.array([[[[np.nan], [0.0]], [[0.0], [0.0]]]])
    errors = normalised_error(predictions, np.zeros((1, 2, 1)), np.ones(1))
    np.testing.assert_array_equal(errors, [[np.inf, 0.0]])


def test_logarithms_are_clipped_at_both_ends_and_failures_are_worst() -> None:
    errors = np.array([[0.0, 1e-9, 1e-2, 1.0, 1e300, np.inf]])
    np.testing.assert_allclose(scores.log_error(errors), [[-4, -4, -2, 0, 0, 1]])


def test_the_rate_is_the_one_with_the_least_mean_and_the_lowest_of_equals() -> None:
    assert scores.chosen_rate(np.array([[0.0, -1.0, -3.0], [0.0, -3.0, 0.0]])) == 1
    assert scores.chosen_rate(np.ones((4, 3))) == 0


def test_a_gain_ignores_one_seed_out_of_four_and_is_clipped() -> None:
    assert scores.clipped_gain(np.array([0.1, 0.2, 0.3, -5.0])) == pytest.approx(0.15)
    np.testing.assert_allclose(scores.clipped_gain(np.array([[3.0] * 4, [-3.0] * 4])), [0.5, -1.0])


def test_a_shut_gate_withholds_credit_and_keeps_blame() -> None:
    shut = np.array([True, True, False])
    np.testing.assert_allclose(scores.gated(np.array([0.4, -0.3, 0.4]), shut), [0.0, -0.3, 0.4])


def test_a_family_of_four_tasks_weighs_as_much_as_a_family_of_one() -> None:
    gains = np.array([0.4, 0.4, 0.4, 0.4, -0.4])
    assert scores.family_mean(gains, ["a", "a", "a", "a", "b"]) == pytest.approx(0.0)


def test_resampled_tasks_count_as_often_as_they_were_drawn() -> None:
    gains = np.array([[0.1, 0.3, 0.5]] * 2)
    copies = np.array([[2, 0, 1], [0, 0, 3]])
    means = scores.family_mean(gains, ["a", "a", "b"], copies)
    np.testing.assert_allclose(means, [0.3, 0.5])


@given(
    st.lists(st.tuples(st.floats(-1, 0.5), st.floats(-1, 0.5), st.sampled_from("abc"))).filter(len)
)
def test_what_tasks_contribute_adds_up_to_the_fitness(rows: list[tuple[float, float, str]]) -> None:
    inside = np.array([row[0] for row in rows])
    outside = np.array([row[1] for row in rows])
    families = [row[2] for row in rows]
    parts = scores.contributions(inside, outside, families)
    assert parts.sum() == pytest.approx(float(scores.fitness(inside, outside, families)), abs=1e-12)
    assert -1.0 <= parts.sum() <= 0.5 + 1e-12


def test_the_score_for_people_lies_between_nought_and_one() -> None:
    assert scores.score(np.full(4, -4.0)) == 1.0
    assert scores.score(np.full(4, 1.0)) == 0.0
    assert scores.score(np.full(4, 0.0)) == 0.0
    assert scores.score(np.full(4, -1.0)) == pytest.approx(0.25)


def test_the_printed_formula_states_the_constants_that_are_used() -> None:
    formula = scores.FORMULA
    for constant in (
        f"{formula.ood_weight:g} x mean over families of OOD",
        f"{1 - formula.ood_weight:g} x mean over families of ID",
        f"[{formula.lowest_gain:g}, {formula.highest_gain:g}]",
        f"[{formula.lowest_log:g}, {formula.highest_log:g}]",
        f"a failed net has {formula.failed_log:g}",
        f"/ {formula.highest_log - formula.lowest_log:g}",
    ):
        assert constant in scores.FORMULA_TEXT


def test_the_interquartile_mean_is_the_mean_of_the_middle_half() -> None:
    assert interquartile_mean(np.array([9.0, 1.0, 2.0, -7.0])) == pytest.approx(1.5)
    assert interquartile_mean(np.array([1.0, 2.0, 6.0])) == pytest.approx(3.0)
    assert interquartile_mean(np.array([[1.0], [2.0]])).tolist() == [1.0, 2.0]


def test_resamples_come_from_the_rng_and_from_nowhere_else() -> None:
    one, two = (seed_resamples(np.random.default_rng(3), 5, 4, 3) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert one.shape == (5, 4, 3)
    assert set(np.unique(one)) <= {0, 1, 2}
    assert (task_resamples(np.random.default_rng(3), 50, 8).sum(axis=1) == 8).all()


def test_an_interval_holds_its_share_of_the_draws() -> None:
    draws = np.random.default_rng(0).standard_normal(100_000)
    assert percentile_interval(draws) == pytest.approx((-1.96, 1.96), abs=0.03)
