"""Searches of studies are runs that are gone on with, and differ in what they are told to."""

from pathlib import Path

import numpy as np
import pytest

from evolve.errors import RunError
from evolve.runs import Run
from evolve.studies.generalisation import SIDES
from evolve.studies.searches import Search, searched, suite
from evolve.studies.study import Given
from fitness.exam import Exam, draw
from fitness.recipe import Recipe
from fitness.suites import select

TINY = (
    "fitness.steps=21", "fitness.seeds=1", "fitness.promotion_seeds=0", "fitness.rungs=[]",
    "search.founders=['GELU','ReLU']",
)  # fmt: skip


def test_a_search_keeps_a_run_and_is_not_made_twice(tmp_path: Path) -> None:
    said: list[str] = []
    given = Given(tmp_path, {}, said.append, accept_changes=False)
    tasks = suite(tmp_path / "one.toml", [{"split": "search", "name": "step1"}], 0.0)
    with pytest.raises(RunError, match="nothing of its own was scored; want more evaluations"):
        searched(given, Search(1, 2, TINY), tasks, "first", 3)
    size = Search(1, 4, TINY)
    found = searched(given, size, tasks, "first", 3)  # goes on where the budget ended
    run = Run(tmp_path / "first-3")
    assert "def activation" in found["program"]
    assert (len(run.sessions), run.config.search.operators) == (2, ("gp",))
    assert searched(given, size, tasks, "first", 3) == found
    assert len(run.sessions) == 2
    assert said == [f"first-3, {count} programs" for count in (2, 4, 4)]


def test_two_searches_for_generalisation_differ_in_their_fitness_alone(tmp_path: Path) -> None:
    exams: list[Exam] = []
    for side, weight in SIDES.items():
        path = suite(tmp_path / side / "lab.toml", [{"split": "search", "name": "step1"}], weight)
        exams.append(draw(select(str(path)), Recipe(seeds=1)))
    shifted, plain = exams
    assert (shifted.ood_weight, plain.ood_weight) == (1.0, 0.0)
    for one, other in zip(shifted.lessons, plain.lessons, strict=True):
        assert np.array_equal(one.inputs, other.inputs)
        assert np.array_equal(one.targets, other.targets)
