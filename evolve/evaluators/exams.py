"""The settings of fitness as fitness itself wants them."""

from __future__ import annotations

from functools import cache

from evolve.config import FitnessTable
from evolve.errors import ConfigError
from fitness.errors import FitnessError
from fitness.exam import Exam, draw
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
    """The tasks that programs are measured on.

    Raises:
        ConfigError: there is no such suite.
    """
    try:
        return select(table.suite, table.split)
    except FitnessError as error:
        raise ConfigError(f"[fitness] suite: {error}") from None


@cache
def linear(table: FitnessTable, round: int) -> Losses:  # noqa: A002
    """The losses of the linear control in a round."""
    return linear_predictor(exam(table, round))


def exam(table: FitnessTable, round: int) -> Exam:  # noqa: A002
    """A round's exam: the same for every candidate, wherever it is drawn."""
    return draw(split(table), recipe(table, round), round)
