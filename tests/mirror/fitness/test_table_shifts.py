from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fitness.chance import stream
from fitness.errors import FitnessError
from fitness.exam import draw
from fitness.recipe import Recipe
from fitness.suites import Split
from fitness.tables.task import TableTask
from tests.mirror.fitness.tables import every, load, patients, written

SHIFTS = (
    "feature:age>60",
    "feature:age<q0.3",
    "group:hospital=3",
    "group:sex=m",
    "noise:0.5",
    "missing:age,sex",
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "patients.csv"
    path.write_text(patients(), encoding="utf-8")
    return path


@pytest.mark.parametrize("shift", SHIFTS)
def test_no_row_of_the_shifted_side_is_ever_trained_on(table: Path, shift: str) -> None:
    task = load(table, shift)
    for number in range(20):
        redrawn = task.redrawn(stream("transform", number))
        within, beyond = (redrawn.batch(side, 999, stream(number)) for side in task.shifts)
        outcomes = [set(batch.targets[:, 0].tolist()) for batch in (within, beyond)]
        assert len(outcomes[0]) == len(within.targets)
        assert not outcomes[0] & outcomes[1]
        assert len(within.targets) + len(beyond.targets) == 200


def test_rows_are_split_at_random_for_each_seed_and_never_by_order(tmp_path: Path) -> None:
    ordered = written(tmp_path, patients(400, every("y", lambda row: f"{row}")))
    exam = draw(Split("mine", "search", (load(ordered, "noise:0.5"),)), Recipe(seeds=2))
    ranks = exam.lessons[0].targets[:, :, 0].argsort(axis=1).argsort(axis=1)
    places = np.arange(ranks.shape[1])
    for each in ranks:
        assert abs(np.corrcoef(each, places)[0, 1]) < 0.3
    assert not np.array_equal(ranks[0], ranks[1])


def test_a_small_table_is_cut_in_the_recipes_proportion(table: Path) -> None:
    exam = draw(Split("mine", "search", (load(table, "group:hospital=3"),)), Recipe())
    lesson, answers = exam.lessons[0], exam.answers[0]
    assert lesson.inputs.shape == (4, 64, 1, 5)  # 192 / 448 of 150 rows
    assert answers.inside.shape[1] == 86
    assert answers.outside.shape[1] == 50


def test_a_feature_that_names_the_shift_stays_an_input_unless_it_is_constant(table: Path) -> None:
    assert "age" in load(table, "feature:age>60").features.names
    assert "hospital" in load(table, "group:hospital=3").features.names
    assert load(table, "group:sex=m").features.names == ("age", "dose", "hospital")


def test_a_column_that_is_left_out_may_name_the_shift(table: Path) -> None:
    task = load(table, "group:hospital=3", drop=("hospital", "sex"))
    assert task.features.names == ("age", "dose")
    assert task.beyond.sum() == 50


def test_a_limit_parts_rows_by_the_features_value(table: Path) -> None:
    ages = load(table).features.values[:, 0]
    for shift, beyond in (
        ("feature:age>60", ages > 60),
        ("feature: age < 60", ages < 60),
        ("feature:age<q0.3", ages < np.quantile(ages, 0.3)),
    ):
        np.testing.assert_array_equal(load(table, shift).beyond, beyond)


def test_noise_is_as_large_as_it_says_in_each_features_own_deviations(tmp_path: Path) -> None:
    task = load(written(tmp_path, patients(3000)), "noise:0.5", drop=("sex",))
    clean = {y: x for x, y in zip(task.features.values, task.targets[:, 0], strict=True)}
    batch = task.redrawn(stream(2)).batch("noise:0.5", 3000, stream(1))
    noise = batch.inputs - np.stack([clean[y] for y in batch.targets[:, 0]])
    deviations = task.features.values.std(axis=0)
    np.testing.assert_allclose(noise.std(axis=0) / deviations, 0.5, rtol=0.1)


def test_a_missing_column_is_replaced_by_the_mean_of_what_is_trained_on(table: Path) -> None:
    exam = draw(Split("mine", "search", (load(table, "missing:age,sex"),)), Recipe())
    lesson, inside = exam.lessons[0], exam.answers[0].inside.shape[1]
    shifted = lesson.queries[:, inside:, 0]
    np.testing.assert_allclose(lesson.inputs[:, :, 0].mean(axis=1), 0.0, atol=1e-5)
    np.testing.assert_array_equal(shifted[:, :, [0, 3, 4]], 0.0)
    assert (shifted[:, :, 1].std(axis=1) > 0.5).all()


def test_what_does_not_vary_in_training_is_no_input_of_a_seed(tmp_path: Path) -> None:
    rare = written(tmp_path, patients(200, every("dose", lambda row: "0.1" if row else "7")))
    exam = draw(Split("mine", "search", (load(rare),)), Recipe(seeds=8))
    lesson = exam.lessons[0]
    flat = [k for k in range(8) if lesson.inputs[k, :, 0, 1].std() == 0]
    assert flat
    np.testing.assert_array_equal(lesson.queries[flat][:, :, 0, 1], 0.0)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.integers(60, 120),
    quantile=st.floats(0.05, 0.95),
    side=st.sampled_from("<>"),
    seed=st.integers(0, 2**32),
)
def test_every_quantile_parts_all_rows_or_says_that_a_side_is_too_small(
    tmp_path: Path, rows: int, quantile: float, side: str, seed: int
) -> None:
    path = written(tmp_path, patients(rows))
    try:
        task: TableTask = load(path, f"feature:age{side}q{quantile}")
    except FitnessError as error:
        assert "at least" in str(error)  # noqa: PT017
        return
    within, beyond = (task.batch(each, rows, stream(seed)) for each in task.shifts)
    assert len(within.targets) >= 40
    assert len(beyond.targets) >= 20
    assert len(within.targets) + len(beyond.targets) == rows
    ages = within.inputs[:, 0], beyond.inputs[:, 0]
    assert ages[0].max() <= ages[1].min() if side == ">" else ages[0].min() >= ages[1].max()
