"""Operators compared from beginning to end, on real parts, stopped and gone on with."""

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

from evolve import runs
from tests.stories.conftest import SMALL, Evolve

QUICK = (
    "fitness.steps=21", "fitness.seeds=1", "fitness.promotion_seeds=1",
    "search.founders=['GELU','ReLU']",
)  # fmt: skip
WORDS = ["compare", "--repeats", "2", "--budget", "evaluations=6", "--name", "ours"]


def options(*more: str) -> list[str]:
    return [word for setting in (*QUICK, SMALL, *more) for word in ("--set", setting)]


def test_an_arm_that_cannot_start_says_why_and_the_others_finish(
    evolve: Evolve, tmp_path: Path
) -> None:
    missing = options("model.name=local:nonesuch.gguf")
    told = evolve(*WORDS, "--operators", "gp,random,llm", *missing)
    assert told.returncode == 1, told.stderr
    assert "llm stops: " in told.stdout
    assert "Favourites on valid tasks" in told.stdout
    assert "By its favourites' fitness on valid tasks, " in told.stdout
    folder = tmp_path / "runs" / "ours"
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {
        "gp-1", "gp-2", "random-1", "random-2",
    }  # fmt: skip
    rows = list(csv.DictReader((folder / "runs.csv").read_text().splitlines()))
    assert [row["arm"] for row in rows] == ["gp", "gp", "random", "random"]
    assert all(row["favourite_on_valid"] for row in rows)
    kept = [json.loads((folder / f"gp-{each}" / "valid.json").read_text()) for each in (1, 2)]
    assert [each["evaluation"]["round"] for each in kept] == [1, 2]  # a repeat, a draw
    assert "<svg" in (folder / "page.html").read_text()
    shown = json.loads(evolve("show", "runs/ours/gp-2", "--json").stdout)
    assert shown["budget"]["evaluations"] == [6, 6]
    assert set(shown["operators"]) == {"founders", "gp"}
    before = (folder / "runs.csv").read_text()
    again = evolve(
        *WORDS, "--operators", "gp,random,llm", *missing, "--json", "--plot", "curves.png"
    )
    assert json.loads(again.stdout)["stopped"].keys() == {"llm"}
    assert (folder / "runs.csv").read_text() == before  # all was done already
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    other = evolve(*WORDS, "--operators", "gp,pangaea", *missing)
    assert other.returncode == 2
    assert "was begun with the operators gp,random,llm" in other.stderr


def test_a_comparison_that_is_interrupted_goes_on_where_it_was(
    evolve: Evolve, tmp_path: Path
) -> None:
    words = [*WORDS, "--operators", "gp,pangaea", *options()]
    going = subprocess.Popen(  # noqa: S603  (our own command)
        [sys.executable, "-m", "evolve", *words], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    folder = tmp_path / "runs" / "ours"
    assert going.stdout is not None
    assert any("gp 1: 6 trained" in line for line in going.stdout)  # the second run begins
    going.send_signal(signal.SIGINT)
    told, _ = going.communicate(timeout=60)
    assert going.returncode == 130
    assert "To go on:" in told
    before = {run.path.name: run.records() for run in runs.everything(folder)}
    assert evolve(*words).returncode == 0
    for name, records in before.items():
        assert runs.find(name, folder).records()[: len(records)] == records
    assert len(list(csv.DictReader((folder / "runs.csv").read_text().splitlines()))) == 4
