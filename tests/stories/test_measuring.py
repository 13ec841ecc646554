"""Activations measured beside the textbook, and the tasks that they are measured on."""

import json
from pathlib import Path
from typing import Any

from tests.stories.conftest import Evolve

SNAKE = "import torch\n\ndef activation(x, a=1.0):\n    return x + torch.sin(a * x) ** 2\n"
QUICK = ("--seeds", "2", "--steps", "30")


def plain(text: str) -> Any:
    """The value of JSON that has no NaN and no infinity in it."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


def test_measure_puts_activations_in_order_against_gelu(evolve: Evolve, tmp_path: Path) -> None:
    (tmp_path / "snake.py").write_text(SNAKE)
    told = evolve("measure", "gelu", "GELU", "snake.py", "./snake.py", *QUICK, "--json")
    assert told.returncode == 0, told.stderr
    table = plain(told.stdout)
    standings = {each["name"]: each for each in table["standings"]}
    assert sorted(standings) == sorted(
        ["snake.py", "GELU", "ReLU", "SiLU", "Tanh", "identity", "constant predictor"]
    )
    assert len(standings) == len(table["standings"])
    fitness = [each["fitness"] for each in table["standings"]]
    assert fitness == sorted(fitness, reverse=True)
    gelu, snake = standings["GELU"], standings["snake.py"]
    assert (gelu["fitness"], gelu["improvement"], gelu["p"]) == (0, 0.5, None)
    assert snake["interval"][0] <= snake["fitness"] <= snake["interval"][1]
    assert snake["parameters"] == 1
    assert snake["raw_p"] <= snake["p"] <= 1
    assert table["comparisons"] == 4
    for sides in snake["families"].values():
        for score in sides.values():
            assert 0 <= score["low"] <= score["value"] <= score["high"] <= 1
    assert (table["split"], table["recipe"]["seeds"]) == ("valid", 2)


def test_measure_without_baselines_shows_tables_that_fit_a_narrow_terminal(
    evolve: Evolve, tmp_path: Path
) -> None:
    words = ["measure", "sin", "--no-baselines", "--split", "search", *QUICK]
    told = evolve(*words, "--plot", "out.png", COLUMNS="80")
    assert told.returncode == 0, told.stderr
    assert "ReLU" not in told.stdout
    assert "…" not in told.stdout
    assert max(map(len, told.stdout.splitlines())) <= 80
    for word in ("fitness, 95 %", "cannot show less than", "piecewise linear", "Feynman"):
        assert word in told.stdout
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


def test_measure_refuses_what_the_sandbox_refuses_and_names_each(
    evolve: Evolve, tmp_path: Path
) -> None:
    (tmp_path / "bad.py").write_text("def activation(x):\n    return x.mean()\n")
    (tmp_path / "worse.py").write_text("import os\n\ndef activation(x):\n    return x\n")
    told = evolve("measure", "bad.py", "GELU", "worse.py", "--plot", "out.png")
    assert told.returncode == 1
    first, second = told.stderr.splitlines()
    assert first.startswith("error: bad.py: refused: non_pointwise")
    assert second.startswith("error: worse.py: refused: import")
    assert told.stdout == ""
    assert not (tmp_path / "out.png").exists()


def test_tasks_are_listed_split_by_split(evolve: Evolve) -> None:
    cards = plain(evolve("tasks", "--json").stdout)
    assert [card["split"] for card in cards] == sorted(
        (card["split"] for card in cards), key=["search", "valid", "test"].index
    )
    assert {card["split"] for card in cards} == {"search", "valid", "test"}
    assert all(card["shifts"][0] == "none" and len(card["shifts"]) > 1 for card in cards)
    shown = evolve("tasks").stdout
    assert all(card["task"] in shown and card["family"] in shown for card in cards)


def test_a_task_is_described_and_drawn_with_both_its_regions(
    evolve: Evolve, tmp_path: Path
) -> None:
    told = evolve("tasks", "trend1", "--plot", "trend.png")
    assert told.returncode == 0, told.stderr
    for word in ("periodic", "ID:  feature 1 in [-1.0", "OOD: feature 1 in [0.5", "x: OOD"):
        assert word in told.stdout
    assert (tmp_path / "trend.png").read_bytes().startswith(b"\x89PNG")
    sketch = plain(evolve("tasks", "sph32", "--json").stdout)
    assert "feature 3" in sketch["labels"]  # the shift is along the third coordinate
    assert len(sketch["inside"]["x"]) == len(sketch["inside"]["y"])


def test_the_formula_is_printed(evolve: Evolve) -> None:
    assert "fitness  = 0.5 x mean over families of OOD" in evolve("tasks", "--formula").stdout
