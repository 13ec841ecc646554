"""The locked split, opened once for the finalists of a run; and what a second look costs."""

import json
import signal
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from evolve import runs
from tests.stories.conftest import SMALL, Begin, Evolve
from tests.stories.test_measuring import plain

QUICK = (
    "fitness.steps=21", "fitness.seeds=2", "fitness.promotion_seeds=2",
    "search.founders=['GELU','ReLU']", "fitness.rungs=[]", "fitness.width=8",
)  # fmt: skip
SEEDS = ("--seeds", "2", "--wide-seeds", "1")


@pytest.fixture
def searched(evolve: Evolve) -> Evolve:
    """A command line in a folder with a small run, `one`."""
    settings = [word for setting in (*QUICK, SMALL) for word in ("--set", setting)]
    words = ["--operators", "gp,random", "--budget", "evaluations=8", "--name", "one"]
    assert evolve("run", *words, *settings).returncode == 0
    return evolve


def test_finalists_are_picked_on_valid_and_the_test_split_is_opened_once(
    searched: Evolve, tmp_path: Path
) -> None:
    planned = searched("test", "one", "--plan", *SEEDS)
    assert planned.returncode == 0, planned.stderr
    assert "Finalists, picked on valid" in planned.stderr
    run = runs.find("one", tmp_path / "runs")
    assert run.openings() == []

    told = searched("test", "one", *SEEDS, "--json")
    assert told.returncode == 0, told.stderr
    final = plain(told.stdout)
    finalists = [each for each in final["courses"] if "finalist" in each["role"]]
    assert 1 <= len(finalists) <= 5
    assert [each["valid"]["fitness"] for each in finalists] == sorted(
        (each["valid"]["fitness"] for each in finalists), reverse=True
    )
    assert any("best random" in each["role"] for each in final["courses"])
    check_arms(final, {each["id"] for each in finalists})
    (opening,) = run.openings()
    assert opening.results["courses"] == json.loads(told.stdout)["courses"]

    assert "opened once" in searched("show", "one").stdout
    again = searched("test", "one")
    assert again.returncode == 2
    assert opening.at in again.stderr
    assert again.stderr.count("\n") == 1

    third = searched("test", "one", "--again", *SEEDS)
    assert third.returncode == 0, third.stderr
    assert opening.at in third.stderr
    for word in ("From the search to the test", "arm wide", "opened 2 times", "finalist"):
        assert word in third.stdout
    assert max(map(len, third.stdout.splitlines())) <= 120
    assert plain(searched("show", "one", "--json").stdout)["openings"][0] == opening.at


def check_arms(final: Any, ids: set[str]) -> None:
    assert list(final["arms"]) == ["recipe", "wide", "sgd"]
    recipes = [arm["recipe"] for arm in final["arms"].values()]
    assert [(r["width"], r["hidden_layers"], r["optimiser"], r["seeds"]) for r in recipes] == [
        (8, 2, "adam", 2), (32, 4, "adam", 1), (8, 2, "sgd", 2),
    ]  # fmt: skip
    for arm in final["arms"].values():
        names = {each["name"] for each in arm["standings"]} | set(arm["failures"])
        assert names >= {"GELU", "ReLU", "Snake", "identity", "square", *ids}
        assert {each["name"] for each in arm["standings"] if each["p"] is not None} <= ids
        assert arm["comparisons"] <= 3 * len(ids)


def test_a_look_that_is_broken_off_counts(begin: Begin, searched: Evolve, tmp_path: Path) -> None:
    looking = begin("test", "one", "--seeds", "4")
    run = runs.find("one", tmp_path / "runs")
    while not run.openings() and looking.poll() is None:
        sleep(0.05)
    looking.send_signal(signal.SIGINT)
    told = looking.ended()
    assert told.returncode == 130, told.stderr
    assert "this opening counts" in told.stderr
    assert told.stdout == ""
    assert [each.results for each in run.openings()] == [None]
    assert searched("test", "one").returncode == 2


def test_a_run_without_programs_of_its_own_has_no_finalists(evolve: Evolve, tmp_path: Path) -> None:
    settings = [word for setting in QUICK for word in ("--set", setting)]
    evolve("run", "--operators", "gp", "--budget", "evaluations=2", "--name", "few", *settings)
    told = evolve("test", "few")
    assert told.returncode == 2
    assert "no program of its own" in told.stderr
    assert runs.find("few", tmp_path / "runs").openings() == []
