"""Programs trained one after another, by a process beside this one: for tests and small runs."""

from __future__ import annotations

from evolve.config import Config
from evolve.evaluators.measurer import Measurer
from evolve.evaluators.pool import Pool
from evolve.evaluators.references import graph
from fitness.baselines import LINEAR, REFERENCE


def serial(config: Config) -> Pool:
    """An evaluator of one worker on this machine."""
    measurer = Measurer(config.fitness, config.sandbox)
    return Pool([measurer], graph(REFERENCE), graph(LINEAR))
