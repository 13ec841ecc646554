"""What nets with an activation come to on tasks, trained here: the programs are studies' own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from evolve.report.statistics import Estimate
from fitness.chance import stream
from fitness.comparison import DRAWS, Comparison, compare, interval, resampled
from fitness.exam import Exam
from fitness.losses import Losses, grade
from fitness.recipe import Recipe
from fitness.scores import clipped_gain, family_mean
from fitness.statistics import task_resamples


def observed(
    exam: Exam, source: str, recipe: Recipe | None = None, elsewhere: str | None = None
) -> dict[str, Any]:
    """Trains nets with the program, and gives their losses as plain JSON values.

    Args:
        exam: what they learn, and how.
        source: the program.
        recipe: how instead, with the same points and seeds.
        elsewhere: the program in the layers in which the recipe does not place it.
    """
    from fitness.train import train_all, warm_up

    warm_up()
    other = _activation(elsewhere) if elsewhere else None
    answers = train_all(_activation(source), exam.lessons, recipe or exam.recipe, other)
    return grade(exam, answers).to_json()


def outside(own: Losses, reference: Losses, linear: Losses) -> Estimate:
    """The gain after the shift alone, without the gate; its interval is over tasks and seeds."""
    return _gain(compare(own, reference, linear), "outside", own)


def inside(own: Losses, reference: Losses, linear: Losses) -> Estimate:
    """The gain in distribution alone; its interval is over tasks and seeds."""
    return _gain(compare(own, reference, linear), "inside", own)


def _gain(pairs: Comparison, side: str, own: Losses) -> Estimate:
    seeds = getattr(pairs, side)
    alone = replace(pairs, inside=seeds, outside=seeds, shut=np.zeros_like(pairs.shut))
    rng = stream("study", own.split, side)
    sides = resampled(alone, rng)
    low, high = interval(alone, sides, task_resamples(rng, DRAWS, len(own.tasks)))
    return Estimate(float(family_mean(clipped_gain(seeds), pairs.families)), low, high)


def _activation(source: str) -> Any:
    import sandbox

    graph = sandbox.parse(source)
    assert isinstance(graph, sandbox.Graph)  # noqa: S101  (a study's own program)
    return sandbox.compile(graph)
