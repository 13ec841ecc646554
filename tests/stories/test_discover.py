"""A table goes in, an activation that suits it comes out."""

import json
import math
from pathlib import Path

import pytest

from tests.stories.conftest import Evolve

QUICK = (
    "--seeds", "2", "--set", "fitness.steps=21", "--set", "fitness.seeds=1",
    "--set", "fitness.promotion_seeds=0", "--set", "search.founders=['GELU','sin']",
)  # fmt: skip
COLLAPSE = ("--target", "kind", "--drop", "y", "--collapse")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "waves.csv"
    rows = [(k / 60, math.cos(k)) for k in range(400)]
    lines = [f"{a},{b},{a * a + math.sin(b)},{'up' if a * b > 1 else 'down'}" for a, b in rows]
    path.write_text("\n".join(["a,b,y,kind", *lines]))
    return path


def test_a_search_on_a_table_is_a_run_and_ends_beside_the_textbook(
    evolve: Evolve, table: Path
) -> None:
    told = evolve(
        "discover", "--data", str(table), "--target", "y", "--drop", "kind", "--name", "one",
        "--budget", "evaluations=6", "--json", *QUICK,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    stood = json.loads(told.stdout.splitlines()[-1])
    names = {each["name"] for each in stood["standings"]}
    assert names > {"GELU", "Seagull", "identity", *stood["found"]}
    assert (stood["suite"], stood["split"]) == ("waves", "valid")
    table.unlink()  # the run has rows of its own
    (found, *_) = stood["found"]
    assert evolve("lineage", "runs/one", found).returncode == 0
    resumed = evolve("resume", "runs/one", "--budget", "evaluations=8")
    assert resumed.returncode == 0, resumed.stderr


def test_a_formula_of_all_inputs_is_collapsed_and_stands_beside_the_textbook(
    evolve: Evolve, table: Path
) -> None:
    told = evolve("discover", "--data", str(table), *COLLAPSE, *QUICK)
    assert told.returncode == 0, told.stderr
    assert "The formula collapses to x: affine: bend the function" in told.stderr
    words = ("--target", "y", "--drop", "kind", "--collapse", "--json")
    told = evolve("discover", "--data", str(table), *words, *QUICK)
    stood = json.loads(told.stdout)
    (found,) = stood["found"]
    assert {each["name"] for each in stood["standings"]} > {found, "GELU", "identity"}
    assert not (table.parent / "runs").exists()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("spambase.csv", "--target", "y"), "there is no file spambase.csv; Spambase (openml:44"),
        (("waves.csv", "--target", "z"), "there is no target column 'z'"),
        (("waves.csv", "--target", "y", "--shift", "feature:a>6.6"), "leaves 3 of 400 rows"),
        (("waves.csv#sha256=012345678901", "--target", "y"), "and 012345678901 is wanted"),
        (("waves.csv", *COLLAPSE, "--name", "two"), "--name: is a search's, and --collapse"),
        (("sklearn:digits", "--target", "target", "--collapse"), "has 10 classes, and --collapse"),
    ],
)
def test_what_cannot_be_learned_from_is_one_line_and_leaves_nothing(
    evolve: Evolve, table: Path, words: tuple[str, ...], complaint: str
) -> None:
    told = evolve("discover", "--data", *words)
    assert told.returncode == 2
    assert told.stderr.startswith("error: ")
    assert told.stderr.count("\n") == 1
    assert complaint in told.stderr
    assert not list(table.parent.glob("runs/*"))
