"""Individuals placed in behaviour space, and records of them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evolve.database.archive import Archive
from evolve.database.elite import Elites, marks_of
from evolve.records import Individual, Outcome, Record
from evolve.testing import individual

FLOPS = 100.0


def placed(name: str, fitness: float, cost: float, bends: float = 0.0) -> Individual:
    """An individual at a place of the plane of cost and bends, both in [0, 1]."""
    one = individual(name, fitness=fitness)
    traits = {"curvature_sign_changes": 8 * bends}
    return replace(
        one, admission=replace(one.admission, flops=FLOPS * cost, traits=traits, fingerprint=name)
    )


def archive(bins: int = 4) -> Archive:
    return Archive(("cost", "bends"), bins, FLOPS)


def record(one: Individual, step: int = 0, island: int = 0, round: int = 0) -> Record:  # noqa: A002
    evaluation = replace(one.evaluation, round=round, seeds=8 if round else 4)
    return Record(
        step, "gp", island, Outcome.SCORED, program=one.program, admission=one.admission,
        evaluation=evaluation, round=round,
    )  # fmt: skip


def elites(ones: Sequence[Individual], **curiosity: float) -> Elites:
    """Individuals whose fitness holds; names of those of whom anybody is curious."""
    curious = {one.program.id: curiosity.get(one.program.id[0], 0.0) for one in ones}
    fitness = np.array([one.evaluation.fitness for one in ones])
    return Elites(ones, fitness, marks_of(ones), curious)
