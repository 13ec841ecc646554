"""What a final will measure, and how long that may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evolve.config import Config, FitnessTable
from evolve.contest import patient
from evolve.evaluators.exams import LOCKED, recipe, split
from evolve.finals.contestants import Contestant
from evolve.records import Admission
from evolve.standing import Table


@dataclass(frozen=True)
class Plan:
    """What will be measured on the split test.

    Attributes:
        contestants: of the run, finalists first.
        entrants: everybody who is measured, by name: contestants by id, then the textbook.
        valid: the contest that the finalists were picked in.
        arms: settings by the arm's name.
        minutes: an estimate, from the time that the measurements on valid took.
    """

    contestants: tuple[Contestant, ...]
    entrants: Mapping[str, Admission]
    valid: Table
    arms: Mapping[str, FitnessTable]
    minutes: float

    @property
    def finalists(self) -> list[str]:
        """Ids of the finalists, who alone are compared with GELU."""
        return [each.id for each in self.contestants if each.finalist]

    def to_json(self) -> dict[str, Any]:
        """What an opening tells of it, as plain JSON values."""
        return {
            "finalists": self.finalists,
            "controls": {each.by: each.id for each in self.contestants if each.champion},
            "arms": {name: table.model_dump(mode="json") for name, table in self.arms.items()},
        }


def arms(table: FitnessTable, seeds: int, wide_seeds: int) -> dict[str, FitnessTable]:
    """What the split test is measured under: the recipe, a large net, the other optimiser."""
    other = "adam" if table.optimiser == "sgd" else "sgd"
    large = {"width": 4 * table.width, "hidden_layers": 2 * table.hidden_layers}
    changes: dict[str, dict[str, Any]] = {
        "recipe": {"promotion_seeds": seeds},
        "wide": {"promotion_seeds": wide_seeds, **large},
        other: {"promotion_seeds": seeds, "optimiser": other},
    }
    return {
        name: table.model_copy(update={"split": LOCKED, **change})
        for name, change in changes.items()
    }


def measured_under(config: Config, table: FitnessTable) -> Config:
    """The run's settings with another recipe, and as much more time as that takes."""
    times = work(table, 1) / work(config.fitness, 0)
    changed = {"fitness": table, "sandbox": patient(config.sandbox, times)}
    return config.model_copy(update=changed)


def work(table: FitnessTable, round: int) -> float:  # noqa: A002
    """Operations of training one activation in a round, roughly in proportion to their time.

    A step passes over the products three times; what is done to one activation of one point
    takes as long as some two hundred operations of a product.
    """
    used, tasks = recipe(table, round), split(table).tasks
    products = used.width * (used.width * (used.hidden_layers - 1) + 8)
    activations = used.width * used.hidden_layers
    nets = len(tasks) * used.seeds * len(used.learning_rates)
    return nets * used.steps * used.training_points * (6.0 * products + 200.0 * activations)
