"""Several drivers at once: what a person types, and what is there afterwards."""

import json
from pathlib import Path

import pytest

from tests.stories.conftest import SMALL, Evolve

QUICK = (
    "--operators", "gp,random", "--set", 'search.founders=["GELU","ReLU","tanh"]', "--set",
    "fitness.steps=21", "--set", "fitness.seeds=2", "--set", "fitness.promotion_seeds=2",
    "--set", SMALL,
)  # fmt: skip


@pytest.mark.ray
@pytest.mark.timeout(300)
def test_two_drivers_end_with_a_run_each_and_these_make_one(evolve: Evolve) -> None:
    said = evolve(
        "run", "--islands-on", "2", "--workers", "2", "--budget", "evaluations=9",
        "--name", "night", "--json", *QUICK,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    events = [json.loads(line) for line in said.stdout.splitlines()]
    ended = {each["run"]: each for each in events if each["event"] == "finished"}
    used = {run: each["budget"]["evaluations"] for run, each in ended.items()}
    assert used == {"night-1": [5, 5], "night-2": [4, 4]}
    assert {line.partition("  ")[0] for line in said.stderr.splitlines()} == {"night-1", "night-2"}
    assert evolve("resume", "night-2", "--budget", "evaluations=5").returncode == 0
    merged = evolve("merge", "night-1", "night-2", "--name", "night")
    assert merged.returncode == 0, merged.stderr


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("--workers", "1"), "evaluators.workers = 1 is shared out; want 2 at least"),
        (("--workers", "2", "--budget", "evaluations=1"), "budget.evaluations = 1 is shared out"),
        (("--workers", "2", "--address", "127.0.0.1:1"), "does not answer"),
    ],
)
def test_what_cannot_be_shared_out_is_said_and_leaves_nothing(
    evolve: Evolve, tmp_path: Path, words: tuple[str, ...], wanted: str
) -> None:
    said = evolve("run", "--islands-on", "2", "--name", "night", *words)
    assert said.returncode == 2
    assert wanted in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1
    assert not list((tmp_path / "runs").glob("night*"))


def test_what_no_driver_can_do_is_said_by_each_and_leaves_nothing(
    evolve: Evolve, tmp_path: Path
) -> None:
    said = evolve(
        "run", "--islands-on", "2", "--workers", "2", "--name", "night", "--operators", "llm",
        "--model", "local:nowhere.gguf",
    )  # fmt: skip
    assert said.returncode == 2
    errors = [line for line in said.stdout.splitlines() if "  error: " in line]
    assert [line.partition(" ")[0] for line in sorted(errors)] == ["night-1", "night-2"]
    assert all("nowhere.gguf" in line for line in errors)
    assert "Traceback" not in said.stdout + said.stderr
    assert not list((tmp_path / "runs").iterdir())


def test_a_name_that_is_taken_leaves_the_other_runs_alone(evolve: Evolve, tmp_path: Path) -> None:
    taken = tmp_path / "runs" / "night-2"
    taken.mkdir(parents=True)
    said = evolve("run", "--islands-on", "2", "--workers", "2", "--name", "night")
    assert said.returncode == 2
    assert "night-2: exists already" in said.stderr
    assert [each.name for each in (tmp_path / "runs").iterdir()] == ["night-2"]
