from __future__ import annotations

import numpy as np
import pytest

from fitness.chance import stream
from fitness.errors import FitnessError
from fitness.suites import select
from fitness.suites.builtin import BUILT_IN
from fitness.task import Task
from fitness.tasks.digits import DIGITS, DigitsTask
from fitness.tasks.drawn import DrawnTask
from fitness.tasks.formula import FormulaTask
from fitness.tasks.sets import SETL2, SETRANGE, SetTask
from fitness.tasks.transform import AS_WRITTEN, draw_transform

TASKS = [task for task in BUILT_IN.values() if isinstance(task, FormulaTask)]
DRAWN = [task for task in BUILT_IN.values() if isinstance(task, DrawnTask)]
PLAIN = {
    "absmax3": ([0.5, -0.25, -2.0], -1.5),
    "poly3_2": ([2.0, 3.0], 5.0),
    "trend1": ([0.125], 0.525),
    "mul2": ([2.0, 3.0], 6.0),
    "eqldiv2": ([0.5, 1.0], 0.5),
    "step1": ([0.0], 0.0),
    "sph32": ([1.0, 0.0, 0.0], 0.0),
    "feyn29": ([3.0, 4.0, np.pi / 2], 5.0),
    "div2": ([3.0, 2.0], 1.5),
    "harm2": ([0.5, 0.5], 0.0),
    "decay1": ([0.0], 1.0),
    "feyn50": ([2.0, np.pi / 3], 1.0),
    "gauss1": ([0.5], np.exp(-1)),
    "eql2": ([0.5, 1.0, 2.0, 3.0], (1 - 0.5**0.5 + 2 - 9) / 3),
    "eql3": ([0.5, 1.0, 2.0, 3.0], (2 + 6) / 3),
    "eql4": ([0.5, 1.0, 2.0, 3.0], (1 + np.cos(2.0) + 6) / 2),
    "mul100": ([1.0] * 100, 625.0),
}


def _each(task: Task) -> str:
    return task.name


@pytest.mark.parametrize("task", TASKS, ids=_each)
def test_a_task_as_written_is_the_textbook_target(task: Task) -> None:
    point, value = PLAIN[task.name]
    assert isinstance(task, FormulaTask)
    assert task.formula(np.array([point]), AS_WRITTEN) == pytest.approx([value])


@pytest.mark.parametrize("task", [*TASKS, *DRAWN], ids=_each)
def test_points_and_targets_are_finite_in_every_round(task: Task) -> None:
    for number in range(20):
        redrawn = task.redrawn(stream("transform", number))
        for shift in task.shifts:
            batch = redrawn.batch(shift, 500, stream("points", number))
            assert batch.inputs.shape[0] == batch.targets.shape[0] == 500
            assert np.isfinite(batch.inputs).all()
            assert np.isfinite(batch.targets).all()
            assert batch.targets.std() > 0


@pytest.mark.parametrize("task", [*TASKS, *DRAWN], ids=_each)
def test_shifted_points_lie_where_no_training_point_does(task: Task) -> None:
    inside = task.batch("none", 2000, stream(1)).inputs
    outside = task.batch(task.shifts[1], 2000, stream(2)).inputs
    low, high = inside.min(axis=0), inside.max(axis=0)
    beyond = ((outside < low - 1e-9) | (outside > high + 1e-9)).any(axis=1)
    assert beyond.mean() > 0.98


@pytest.mark.parametrize("task", [*TASKS, *DRAWN], ids=_each)
def test_another_round_is_another_target_over_the_same_points(task: Task) -> None:
    first, second = (task.redrawn(stream("round", n)).batch("none", 200, stream(3)) for n in (0, 1))
    np.testing.assert_array_equal(first.inputs, second.inputs)
    assert not np.allclose(first.targets, second.targets)


def test_a_generator_has_a_family_of_lab_and_one_target_before_it_is_redrawn() -> None:
    families = {task.family for split in ("search", "valid") for task in select("lab", split).tasks}
    assert {task.family for task in DRAWN} <= families
    for task in DRAWN:
        first, again = (task.batch("none", 50, stream(3)) for _ in range(2))
        np.testing.assert_array_equal(first.targets, again.targets)
        with pytest.raises(FitnessError, match=f"no shift of task {task.name} 'sideways'"):
            task.batch("sideways", 3, stream(0))


@pytest.mark.parametrize("features", [1, 2, 3, 7])
def test_a_transform_turns_and_never_mirrors_and_stays_in_its_range(features: int) -> None:
    for number in range(30):
        drawn = draw_transform(features, stream(number))
        assert drawn.rotation is not None
        np.testing.assert_allclose(drawn.rotation @ drawn.rotation.T, np.eye(features), atol=1e-12)
        assert np.linalg.det(drawn.rotation) == pytest.approx(1.0)
        assert 0.8 <= drawn.frequency <= 1.25
        assert 0.8 <= drawn.amplitude <= 1.25
        assert abs(drawn.offset) <= 0.1


def test_the_search_split_weighs_eight_families_once_each() -> None:
    assert len(select().tasks) == len(select().families) == 8


def test_the_test_split_has_families_and_sizes_never_seen_in_a_search() -> None:
    seen = {*select("lab", "search").families, *select("lab", "valid").families}
    test = select("lab", "test")
    unseen = {"localised", "equations", "images", "real table"}
    assert set(test.families) - seen == unseen
    assert {task.name for task in test.tasks} >= {"feyn50", "setrange", "mul100"}


def test_a_product_of_sums_reads_other_inputs_in_another_round() -> None:
    points = np.eye(100) + 1.0
    first, second = (BUILT_IN["mul100"].redrawn(stream(n)) for n in (0, 1))
    assert isinstance(first, FormulaTask)
    assert isinstance(second, FormulaTask)
    values = first.formula(points, first.transform)
    assert sorted(np.unique_counts(values).counts.tolist()) == [12, 26, 62]
    assert not np.array_equal(values, second.formula(points, second.transform))


@pytest.mark.parametrize(
    ("task", "value"), [(SETL2, 13.0), (SETRANGE, 16.0)], ids=["setl2", "setrange"]
)
def test_a_sets_target_is_the_textbooks_and_blind_to_what_fills_it_up(
    task: SetTask, value: float
) -> None:
    elements = np.array([[-4.0, 12.0, 3.0, np.nan, np.nan]])
    for order in ([0, 1, 2, 3, 4], [3, 2, 4, 1, 0]):
        assert task.formula(elements[:, order], AS_WRITTEN) == pytest.approx([value])


@pytest.mark.parametrize("task", [SETL2, SETRANGE], ids=_each)
def test_only_the_size_of_a_set_shifts(task: SetTask) -> None:
    redrawn = task.redrawn(stream(4))
    within, beyond = (redrawn.batch(shift, 900, stream(5)) for shift in task.shifts)
    for batch, sizes in ((within, {2, 3, 4, 5}), (beyond, {8, 10, 12})):
        present = ~np.isnan(batch.inputs[:, :, 0])
        assert set(present.sum(axis=1).tolist()) == sizes
        assert np.abs(batch.inputs[present]).max() <= 1.0
        assert abs(np.nanmean(batch.inputs)) < 0.1
        assert np.isfinite(batch.targets).all()


def test_a_digit_is_never_both_trained_on_and_made_fainter() -> None:
    for number in range(5):
        redrawn = DIGITS.redrawn(stream(number))
        within, beyond = (redrawn.batch(shift, 9999, stream(6)) for shift in DIGITS.shifts)
        assert len(within.targets) + len(beyond.targets) == 1797
        shapes = [_contours(batch.inputs) for batch in (within, beyond)]
        assert len(shapes[0] & shapes[1]) <= 2  # two images of the set are alike
        assert 0.35 < beyond.inputs.max(axis=1).mean() < 0.45
        np.testing.assert_array_equal(beyond.targets.sum(axis=1), 1.0)


def test_digits_are_parted_anew_for_every_seed() -> None:
    first, second = (DIGITS.redrawn(stream(n)).batch("none", 9999, stream(7)) for n in (0, 1))
    assert len(_contours(first.inputs) - _contours(second.inputs)) > 300


def _contours(images: np.ndarray) -> set[bytes]:
    """What stays of images when their contrast changes."""
    return {(each / each.max()).round(6).tobytes() for each in images}


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: select("lap"), "no suite 'lap'; did you mean 'lab'"),
        (lambda: select("lab", "serach"), "did you mean 'search'"),
        (lambda: select("lab", "zzz"), "choose one of these: search, valid"),
        (lambda: select().only("mul3"), "did you mean 'mul2'"),
        (lambda: select().only("SPH32x"), "did you mean 'sph32'"),
        (lambda: select().only(), "give at least one"),
        (lambda: TASKS[0].batch("shel", 3, stream(0)), "did you mean 'shell'"),
        (lambda: SETL2.batch("larger", 3, stream(0)), "did you mean 'larger sets'"),
        (lambda: DigitsTask().batch("moved", 3, stream(0)), "choose one of these: none, fainter"),
    ],
)
def test_a_name_that_does_not_exist_is_answered_with_the_nearest(ask, message) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    with pytest.raises(FitnessError, match=message):
        ask()
