"""The settings of fitness as fitness itself wants them."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from hashlib import blake2b

import numpy as np

from evolve.config import FitnessTable
from evolve.errors import ConfigError
from evolve.records import Evaluation
from fitness import suites
from fitness.errors import FitnessError
from fitness.exam import Exam, draw
from fitness.frames import pack_lessons
from fitness.losses import Losses, constant_predictor, linear_predictor
from fitness.recipe import Recipe
from fitness.suites import Split, select

LOCKED = "test"
"""The split that finals alone are held on."""


def recipe(table: FitnessTable, round: int, rung: int | None = None) -> Recipe:  # noqa: A002
    """The training procedure of a round: a promotion and a rung have numbers of their own.

    Raises:
        ConfigError: a setting is out of range.
    """
    seeds = table.promotion_seeds if round else table.seeds
    steps, rates = table.steps, Recipe.learning_rates
    if rung is not None:
        seeds, most, _ = table.rungs[rung]
        steps = min(steps, most)
        rates = rates[1:-1]  # the outer ones seldom win, and steps tell more than rates
    try:
        return Recipe(
            seeds=seeds,
            steps=steps,
            learning_rates=rates,
            width=table.width,
            hidden_layers=table.hidden_layers,
            placement=table.placement,
            optimiser=table.optimiser,
            device=table.device,
        )
    except FitnessError as error:
        raise ConfigError(f"[fitness] {error}") from None


def rungs(table: FitnessTable) -> list[Recipe]:
    """The training procedures of the race's cheap rungs.

    Raises:
        ConfigError: a rung's number is out of range.
    """
    return [recipe(table, 0, rung) for rung in range(len(table.rungs))]


def split(table: FitnessTable) -> Split:
    """The tasks that are measured.

    Raises:
        ConfigError: there is no such suite or split.
    """
    try:
        return select(table.suite, table.split)
    except FitnessError as error:
        raise ConfigError(f"[fitness] {error}") from None


def families(table: FitnessTable) -> dict[str, str]:
    """Task -> family of what is measured, where that is known without reading any data."""
    try:
        return suites.families(table.suite, table.split)
    except FitnessError:
        return {}  # the suite is not there any more


def demand(table: FitnessTable) -> None:
    """Makes sure that there is something to measure, before anything is started for it.

    Raises:
        ConfigError: there is no such suite or split, or a setting is out of range.
    """
    split(table)
    recipe(table, 0)


@cache
def linear(table: FitnessTable, round: int, rung: int | None = None) -> Losses:  # noqa: A002
    """The losses of the linear control in a round."""
    return linear_predictor(exam(table, round, rung))


def losses(table: FitnessTable, evaluation: Evaluation) -> Losses:
    """What an evaluation under these settings was computed from."""
    drawn, kept = evaluation.round, json.loads(evaluation.losses)
    return Losses.from_shifts(split(table), recipe(table, drawn), drawn, kept)


def constant(table: FitnessTable, round: int) -> Losses:  # noqa: A002
    """The losses of the training mean as the only answer: a control that needs no training."""
    return constant_predictor(exam(table, round))


@lru_cache(maxsize=8)  # a run has three draws: its rung, its rounds 0 and 1
def exam(table: FitnessTable, round: int, rung: int | None = None) -> Exam:  # noqa: A002
    """A round's exam: the same for every candidate, wherever it is drawn.

    Raises:
        ConfigError: a task cannot be drawn, or a setting is out of range.
    """
    return _drawn(table, round, rung)


def digest(table: FitnessTable) -> str:
    """Hash of the search's own lessons and answers, in single precision: what a suite comes to."""
    drawn = _drawn(table, 0)  # anew: files may have changed
    hashed = blake2b(pack_lessons(drawn.lessons), digest_size=6)
    hashed.update(np.float64(drawn.ood_weight).tobytes())
    for answers in drawn.answers:
        hidden = np.concatenate([answers.inside, answers.outside], axis=1)
        hashed.update(hidden.astype(np.float32).tobytes())
    return hashed.hexdigest()


def _drawn(table: FitnessTable, round: int, rung: int | None = None) -> Exam:  # noqa: A002
    tasks, procedure = split(table), recipe(table, round, rung)
    try:
        return draw(tasks, procedure, round)
    except FitnessError as error:
        raise ConfigError(f"[fitness] {error}") from None
