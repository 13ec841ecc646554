"""The settings of fitness as fitness itself wants them."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

import numpy as np

from evolve.config import FitnessTable
from evolve.errors import ConfigError
from fitness.errors import FitnessError
from fitness.exam import Exam, draw
from fitness.frames import pack_lessons
from fitness.losses import Losses, linear_predictor
from fitness.recipe import Recipe
from fitness.suites import Split, select


def recipe(table: FitnessTable, round: int) -> Recipe:  # noqa: A002
    """The training procedure of a round: a promotion has seeds of its own number.

    Raises:
        ConfigError: a setting is out of range.
    """
    seeds = table.promotion_seeds if round else table.seeds
    try:
        return Recipe(seeds=seeds, steps=table.steps)
    except FitnessError as error:
        raise ConfigError(f"[fitness] {error}") from None


def split(table: FitnessTable) -> Split:
    """The tasks that a search sees.

    Raises:
        ConfigError: there is no such suite.
    """
    try:
        return select(table.suite, "search")
    except FitnessError as error:
        raise ConfigError(f"[fitness] suite: {error}") from None


@cache
def linear(table: FitnessTable, round: int) -> Losses:  # noqa: A002
    """The losses of the linear control in a round."""
    return linear_predictor(exam(table, round))


def exam(table: FitnessTable, round: int) -> Exam:  # noqa: A002
    """A round's exam: the same for every candidate, wherever it is drawn."""
    return draw(split(table), recipe(table, round), round)


def digest(table: FitnessTable) -> str:
    """Hash of the search's own lessons and answers, in single precision: what a suite comes to."""
    drawn = exam(table, 0)
    hashed = blake2b(pack_lessons(drawn.lessons), digest_size=6)
    for answers in drawn.answers:
        hidden = np.concatenate([answers.inside, answers.outside], axis=1)
        hashed.update(hidden.astype(np.float32).tobytes())
    return hashed.hexdigest()
