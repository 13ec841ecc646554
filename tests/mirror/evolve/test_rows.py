"""Rows of trials that draw their parents alike, so that caches of prompts are of use."""

from pathlib import Path

import pytest

from evolve import runs, settings
from evolve.records import Selection
from evolve.state import CHILDREN, State
from tests.mirror.evolve.loops import make_loop

ISLANDS = 3


def searched(folder: Path, *said: str) -> State:
    """The state of a search that scored something on every island."""
    few = ["budget.evaluations=60", f"database.islands={ISLANDS}", "search.control_share=0.0"]
    config = settings.read(None, [*few, *said])
    loop = make_loop(runs.create(folder, "run", config), config)
    loop.run()
    return loop.state


def draw(state: State, step: int) -> Selection:
    """What is shown at `step`."""
    return state.trial(step, seed=0, founders=3).selection


def test_children_are_asked_in_a_row_of_the_same_parents(tmp_path: Path) -> None:
    state = searched(tmp_path, "search.operators=['llm']", "model.style=full")
    row = ISLANDS * CHILDREN
    block = [draw(state, step) for step in range(10 * row, 11 * row)]
    shown = [(each.island, each.parents, each.inspirations) for each in block]
    assert all(shown[place] == shown[place % ISLANDS] for place in range(row))
    assert [each.step for each in block] == [*range(10 * row, 11 * row)]
    assert all(each.parents for each in block)


def test_rows_are_drawn_anew_and_differ_from_one_another(tmp_path: Path) -> None:
    state = searched(tmp_path, "search.operators=['llm']", "model.style=full")
    row = ISLANDS * CHILDREN
    starts = range(row, 21 * row, row)
    firsts = [draw(state, start + each) for start in starts for each in range(ISLANDS)]
    assert len({(each.island, each.parents[0].program.id) for each in firsts}) > 10


@pytest.mark.parametrize(
    "said",
    [
        ["search.operators=['gp']", "model.style=full"],
        ["search.operators=['llm']", "model.style=few-shot"],
    ],
)
def test_without_a_long_question_every_trial_draws_for_itself(
    tmp_path: Path, said: list[str]
) -> None:
    state = searched(tmp_path, *said)
    row = [draw(state, step) for step in range(600, 600 + ISLANDS * CHILDREN, ISLANDS)]
    assert len({(each.island, *(one.program.id for one in each.parents)) for each in row}) > 1
