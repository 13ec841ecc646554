"""What people look at without a run: programs, measurements, settings, the machine."""

import json
from pathlib import Path

from tests.stories.conftest import Evolve

SNAKE = "import torch\n\ndef activation(x, a=1.0):\n    return x + torch.sin(a * x) ** 2\n"


def test_check_tells_what_a_program_costs_and_how_it_looks(evolve: Evolve, tmp_path: Path) -> None:
    (tmp_path / "snake.py").write_text(SNAKE)
    told = evolve("check", "snake.py")
    assert told.returncode == 0, told.stderr
    for word in ("admitted as", "1 trainable", "zero at zero", "line: f, dots: f'", r"\sin"):
        assert word in told.stdout


def test_check_of_several_files_says_each_and_fails_if_one_is_refused(
    evolve: Evolve, tmp_path: Path
) -> None:
    (tmp_path / "good.py").write_text(SNAKE)
    (tmp_path / "bad.py").write_text("import os\n\ndef activation(x):\n    return x\n")
    told = evolve("check", "good.py", "bad.py", "--json")
    assert told.returncode == 1
    good, bad = json.loads(told.stdout)
    assert (good["admitted"], bad["admitted"]) == (True, False)
    assert good["latex"]
    assert (bad["code"], bad["line"]) == ("import", 1)
    assert bad["hint"]
    assert "refused: import (line 1)" in evolve("check", "bad.py").stdout


def test_init_writes_settings_that_run_reads_and_never_overwrites(
    evolve: Evolve, tmp_path: Path
) -> None:
    assert evolve("init", "mine.toml").returncode == 0
    text = (tmp_path / "mine.toml").read_text()
    assert "[budget]" in text
    again = evolve("init", "mine.toml")
    assert again.returncode == 2
    assert "exists already" in again.stderr
    assert (tmp_path / "mine.toml").read_text() == text


def test_doctor_says_what_works_here(evolve: Evolve) -> None:
    found = {each["what"]: each for each in json.loads(evolve("doctor", "--json").stdout)}
    assert {"isolation", "PyTorch", "Ray", "embedded model"} <= set(found)
    assert found["embedded model"]["well"]


def test_list_of_nothing_says_how_to_begin(evolve: Evolve) -> None:
    assert "evolve run" in evolve("list").stdout
    assert json.loads(evolve("list", "--json").stdout) == []
