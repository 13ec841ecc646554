"""Raw losses of an activation on a round: every net's error, failures included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float32, Float64

from fitness.errors import FitnessError
from fitness.exam import Answers, Exam
from fitness.lesson import Lesson, Predictions
from fitness.recipe import Recipe
from fitness.suites import Split
from fitness.task import NO_SHIFT, OOD_WEIGHT

NetErrors = Float64[np.ndarray, "seeds rates"]


@dataclass(frozen=True, eq=False)
class TaskLosses:
    """Normalised mean squared errors on one task; infinite where a net failed.

    Attributes:
        task: name of the task.
        family: its family.
        shift: name of the out-of-distribution side.
        inside: in-distribution errors.
        outside: errors after the shift.
    """

    task: str
    family: str
    shift: str
    inside: NetErrors
    outside: NetErrors


@dataclass(frozen=True, eq=False)
class Losses:
    """The losses of one activation on all tasks of a round.

    Attributes:
        suite: name of the suite.
        split: name of the split.
        round_number: which draw of it.
        recipe: how the nets were trained.
        tasks: one entry a task, in the split's order.
        ood_weight: share of the shifted sides in the fitness.
    """

    suite: str
    split: str
    round_number: int
    recipe: Recipe
    tasks: tuple[TaskLosses, ...]
    ood_weight: float = OOD_WEIGHT

    def by_shift(self) -> dict[str, list[list[float | None]]]:
        """By "task/shift", [seeds][rates], to six digits; a failed net's loss is None."""
        table = {}
        for each in self.tasks:
            table[f"{each.task}/{NO_SHIFT}"] = _shortened(each.inside)
            table[f"{each.task}/{each.shift}"] = _shortened(each.outside)
        return table

    @classmethod
    def from_shifts(
        cls,
        split: Split,
        recipe: Recipe,
        round_number: int,
        table: Mapping[str, Sequence[Sequence[float | None]]],
    ) -> Losses:
        """The losses that `by_shift` wrote, of a split's tasks in their order."""
        tasks = tuple(
            TaskLosses(
                each.name,
                each.family,
                each.shifts[1],
                _filled(table[f"{each.name}/{NO_SHIFT}"]),
                _filled(table[f"{each.name}/{each.shifts[1]}"]),
            )
            for each in split.tasks
        )
        return cls(split.suite, split.name, round_number, recipe, tasks, split.ood_weight)

    def of_seeds(self, seeds: Sequence[int]) -> Losses:
        """The losses of these seeds alone, as if no other had been measured."""
        rows = list(seeds)
        tasks = tuple(
            replace(each, inside=each.inside[rows], outside=each.outside[rows])
            for each in self.tasks
        )
        return replace(self, recipe=replace(self.recipe, seeds=len(rows)), tasks=tasks)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; a failed net's loss is null."""
        tasks = [
            {
                "task": each.task,
                "family": each.family,
                "shift": each.shift,
                "inside": _nulled(each.inside),
                "outside": _nulled(each.outside),
            }
            for each in self.tasks
        ]
        return {
            "suite": self.suite,
            "split": self.split,
            "round": self.round_number,
            "recipe": self.recipe.to_json(),
            "tasks": tasks,
            "ood_weight": self.ood_weight,
        }

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> Losses:
        """The losses that `to_json` wrote."""
        tasks = tuple(
            TaskLosses(
                each["task"],
                each["family"],
                each["shift"],
                _filled(each["inside"]),
                _filled(each["outside"]),
            )
            for each in table["tasks"]
        )
        recipe = Recipe.from_json(table["recipe"])
        weight = table.get("ood_weight", OOD_WEIGHT)
        return cls(table["suite"], table["split"], table["round"], recipe, tasks, weight)


def grade(exam: Exam, predictions: Sequence[Predictions]) -> Losses:
    """The losses of predictions, one array a lesson.

    Raises:
        FitnessError: there are not as many predictions as lessons.
    """
    if len(predictions) != len(exam.answers):
        raise FitnessError(f"{len(predictions)} predictions for {len(exam.answers)} lessons")
    tasks = tuple(map(_grade_task, exam.answers, predictions))
    suite, split, weight = exam.suite, exam.split, exam.ood_weight
    return Losses(suite, split, exam.round_number, exam.recipe, tasks, weight)


def constant_predictor(exam: Exam) -> Losses:
    """The losses of nets that always answer the training mean: a control that must lose."""
    rates = len(exam.recipe.learning_rates)
    means = [each.targets.mean(axis=1, keepdims=True)[:, np.newaxis] for each in exam.lessons]
    shapes = [(1, rates, each.queries.shape[1], 1) for each in exam.lessons]
    return grade(exam, [np.tile(*each) for each in zip(means, shapes, strict=True)])


def linear_predictor(exam: Exam) -> Losses:
    """The losses of the straight line through each seed's training points, by least squares.

    The control of the in-distribution gate: what nets without any activation would come to, were
    they trained to the end. Of a set, a line reads the sum of its elements and their number; of
    classes, it answers each one's share.
    """
    rates = len(exam.recipe.learning_rates)
    predictions = [
        np.repeat(_lines(lesson)[:, np.newaxis], rates, axis=1) for lesson in exam.lessons
    ]
    return grade(exam, predictions)


def _lines(lesson: Lesson) -> Float32[np.ndarray, "seeds queries outputs"]:
    answers = []
    for inputs, targets, queries in zip(lesson.inputs, lesson.targets, lesson.queries, strict=True):
        slopes = np.linalg.lstsq(_terms(inputs), targets, rcond=None)[0]
        answers.append(_terms(queries) @ slopes)
    return np.stack(answers).astype(np.float32)


def _terms(
    points: Float32[np.ndarray, "rows elements features"],
) -> Float64[np.ndarray, "rows terms"]:
    sums = np.nansum(points, axis=1)
    sizes = (~np.isnan(points).any(axis=2)).sum(axis=1)
    return np.column_stack([sums, sizes, np.ones(len(points))]).astype(np.float64)


def _grade_task(answers: Answers, predictions: Predictions) -> TaskLosses:
    inside, outside = np.split(predictions, [answers.inside.shape[1]], axis=2)
    return TaskLosses(
        answers.task,
        answers.family,
        answers.shift,
        normalised_error(inside.astype(np.float64), answers.inside, answers.variance),
        normalised_error(outside.astype(np.float64), answers.outside, answers.variance),
    )


def normalised_error(
    predictions: Float64[np.ndarray, "seeds rates queries outputs"],
    truth: Float64[np.ndarray, "seeds queries outputs"],
    variance: Float64[np.ndarray, " seeds"],
) -> NetErrors:
    """Mean squared error over the variance; infinite where any prediction is not a number.

    Of classes, with probabilities as predictions, it is Brier's score (1950) over that of the
    classes' shares.
    """
    squares = ((predictions - truth[:, np.newaxis]) ** 2).sum(axis=3)
    error = squares.mean(axis=2) / variance[:, np.newaxis]
    return np.where(np.isnan(error), np.inf, error)


def _nulled(errors: NetErrors) -> list[list[float | None]]:
    return [[each if np.isfinite(each) else None for each in row] for row in errors.tolist()]


def _shortened(errors: NetErrors) -> list[list[float | None]]:
    return [[each and float(f"{each:.6g}") for each in row] for row in _nulled(errors)]


def _filled(rows: Sequence[Sequence[float | None]]) -> NetErrors:
    filled = [[np.inf if each is None else each for each in row] for row in rows]
    return np.array(filled, dtype=np.float64)
