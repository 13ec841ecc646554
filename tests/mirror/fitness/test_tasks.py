from __future__ import annotations

import numpy as np
import pytest

from fitness.chance import stream
from fitness.errors import FitnessError
from fitness.suites import SUITES, select
from fitness.task import Task
from fitness.tasks.formula import FormulaTask
from fitness.tasks.transform import AS_WRITTEN, draw_transform

TASKS = [task for split in SUITES["lab"].values() for task in split]
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
    "step2": ([0.0], 0.0),
    "decay2": ([0.0], 1.0),
}


def _each(task: Task) -> str:
    return task.name


@pytest.mark.parametrize("task", TASKS, ids=_each)
def test_a_task_as_written_is_the_textbook_target(task: Task) -> None:
    point, value = PLAIN[task.name]
    assert isinstance(task, FormulaTask)
    assert task.formula(np.array([point]), AS_WRITTEN) == pytest.approx([value])


@pytest.mark.parametrize("task", TASKS, ids=_each)
def test_points_and_targets_are_finite_in_every_round(task: Task) -> None:
    for number in range(20):
        redrawn = task.redrawn(stream("transform", number))
        for shift in task.shifts:
            batch = redrawn.batch(shift, 500, stream("points", number))
            assert batch.inputs.shape[0] == batch.targets.shape[0] == 500
            assert np.isfinite(batch.inputs).all()
            assert np.isfinite(batch.targets).all()
            assert batch.targets.std() > 0


@pytest.mark.parametrize("task", TASKS, ids=_each)
def test_shifted_points_lie_where_no_training_point_does(task: Task) -> None:
    inside = task.batch("none", 2000, stream(1)).inputs
    outside = task.batch(task.shifts[1], 2000, stream(2)).inputs
    low, high = inside.min(axis=0), inside.max(axis=0)
    beyond = ((outside < low - 1e-9) | (outside > high + 1e-9)).any(axis=1)
    assert beyond.mean() > 0.98


@pytest.mark.parametrize("task", TASKS, ids=_each)
def test_another_round_is_another_target_over_the_same_points(task: Task) -> None:
    first, second = (task.redrawn(stream("round", n)).batch("none", 200, stream(3)) for n in (0, 1))
    np.testing.assert_array_equal(first.inputs, second.inputs)
    assert not np.allclose(first.targets, second.targets)


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


def test_no_valid_task_is_a_search_task() -> None:
    names = [task.name for task in TASKS]
    assert len(names) == len(set(names))


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
    ],
)
def test_a_name_that_does_not_exist_is_answered_with_the_nearest(ask, message) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    with pytest.raises(FitnessError, match=message):
        ask()
