"""Each statistic beside a case worked by hand, or beside scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from jaxtyping import Float64
from scipy import stats

from fitness import statistics


def test_the_interquartile_mean_is_that_of_the_middle_half() -> None:
    values = np.array([9.0, 1.0, 2.0, 3.0, 4.0, 5.0, -50.0, 4.0])
    assert statistics.interquartile_mean(values) == pytest.approx((2 + 3 + 4 + 4) / 4)


@given(
    arrays(
        np.float64,
        array_shapes(max_dims=3, max_side=13),
        elements=st.floats(-1e6, 1e6) | st.just(np.nan) | st.just(np.inf),
    )
)
def test_the_interquartile_mean_is_scipys_trimmed_one_bit_by_bit(
    values: Float64[np.ndarray, "*others samples"],
) -> None:
    expected = np.asarray(stats.trim_mean(values, 0.25, axis=-1))
    found = statistics.interquartile_mean(values)
    assert found.shape == expected.shape
    np.testing.assert_array_equal(found, expected)


def test_the_signed_rank_test_gives_wilcoxons_own_example() -> None:
    # Heights of cross- and self-fertilised corn (Darwin's, in Wilcoxon 1945): T = 24, p = 0.041.
    differences = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48.0])
    assert statistics.signed_rank(differences) == pytest.approx(0.0413, abs=5e-5)


def test_all_signs_alike_reach_the_smallest_p_that_so_many_tasks_can_show() -> None:
    for tasks in (3, 4, 8, 12):
        differences = np.linspace(0.1, 1.0, tasks)
        smallest = statistics.smallest_signed_rank(tasks)
        assert statistics.signed_rank(differences) == pytest.approx(smallest)
    assert statistics.smallest_signed_rank(12) == pytest.approx(0.0005, abs=5e-5)
    assert statistics.smallest_signed_rank(1) == 1.0


def test_tasks_without_a_difference_say_nothing() -> None:
    assert statistics.signed_rank(np.zeros(5)) == 1.0
    some = np.array([0.0, 0.3, 0.0, 0.1, 0.2])
    assert statistics.signed_rank(some) == statistics.signed_rank(some[some != 0])


def test_holms_correction_worked_by_hand() -> None:
    assert statistics.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert statistics.holm([0.6, 0.5]) == [1.0, 1.0]
    assert statistics.holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_keeps_the_order_and_never_helps(chances: list[float]) -> None:
    found = statistics.holm(chances)
    assert all(raw <= corrected <= 1 for raw, corrected in zip(chances, found, strict=True))
    order = np.argsort(chances, kind="stable")
    assert np.all(np.diff(np.array(found)[order]) >= 0)


def test_the_probability_of_improvement_is_mann_and_whitneys_u_over_pairs() -> None:
    rng = np.random.default_rng(0)
    ours, theirs = rng.integers(0, 6, (3, 7)) * 1.0, rng.integers(0, 6, (3, 5)) * 1.0
    by_scipy = [
        stats.mannwhitneyu(x, y).statistic / (7 * 5) for x, y in zip(ours, theirs, strict=True)
    ]
    found = statistics.probability_of_improvement(ours, theirs)
    assert found == pytest.approx(np.mean(by_scipy))
    assert statistics.probability_of_improvement(theirs, ours) == pytest.approx(1 - found)


def test_ties_count_half() -> None:
    assert statistics.probability_of_improvement(np.array([[1.0, 2.0]]), np.array([[1.0]])) == 0.75
    same = np.ones((2, 3))
    assert statistics.probability_of_improvement(same, same) == 0.5


def test_a_rank_correlation_worked_by_hand() -> None:
    first, second = np.array([1.0, 2.0, 3.0, 4.0]), np.array([10.0, 30.0, 20.0, 40.0])
    assert statistics.rank_correlation(first, second) == pytest.approx(1 - 6 * 2 / (4 * 15))
    assert statistics.rank_correlation(first, np.ones(4)) == 0.0
