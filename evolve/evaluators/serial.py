"""Programs trained one after another, by a process beside this one: for tests and small runs."""

from __future__ import annotations

from functools import partial

from evolve.config import Config
from evolve.evaluators.exams import linear
from evolve.evaluators.measurer import Measurer
from evolve.evaluators.pool import Pool
from evolve.evaluators.references import graph
from fitness.baselines import REFERENCE


def serial(config: Config) -> Pool:
    """An evaluator of one worker on this machine."""
    measurer = Measurer(config.fitness, config.sandbox)
    return Pool([measurer], graph(REFERENCE), partial(linear, config.fitness))
