"""A finished run is looked at, taken along, and told of; bad input is one line."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from evolve import load, runs
from tests.mirror.evolve.hostile import family, name_of
from tests.mirror.evolve.lived import config
from tests.stories.conftest import Evolve

NET = """
from torch import nn

def build():
    return nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(runs.create(tmp_path / "runs", "one", config(9)).ledger()) as ledger:
        ledger.extend(family(30, hostile=False))
    return tmp_path


def test_a_find_is_exported_tried_and_loaded(evolve: Evolve, folder: Path) -> None:
    told = evolve("export", "one", name_of(29), "--to", "torch", "--out", "mine.py")
    assert told.returncode == 0, told.stderr
    assert "values and slopes checked" in told.stdout
    text = (folder / "mine.py").read_text(encoding="utf-8")
    assert "evolve" not in text.replace("activolve", "")
    assert "GAIN = " in text
    (folder / "mynets.py").write_text(NET)
    tried = evolve("try", "one", name_of(29), "--model", "mynets:build", "--json")
    assert json.loads(tried.stdout)["swapped"] == [["1", "ReLU"]]
    assert "torch.sin" in repr(load(f"one/{name_of(29)}", folder / "runs"))


@pytest.mark.usefixtures("folder")
def test_a_run_is_told_with_what_to_do_next(evolve: Evolve) -> None:
    told = evolve("show", "one").stdout
    for word in ("Best so far", "evolve export", "evolve test runs/one --plan"):
        assert word in told
    told = evolve("diff", "one", name_of(1), name_of(29)).stdout
    assert "second vs first" in told
    assert "⣀" in evolve("lineage", "one", name_of(29)).stdout
    told = evolve("lineage", "one", name_of(1), "--descendants", "--to", "dot").stdout
    assert f'"{name_of(1)}" -> "{name_of(3)}"' in told


@pytest.mark.usefixtures("folder")
def test_what_cannot_be_had_is_one_line(evolve: Evolve) -> None:
    for words, wanted in (
        (("show", "two"), "there are: one"),
        (("show", "one", "00000000"), "several programs begin so, among them"),
        (
            ("lineage", "one", name_of(1), "--to", "png"),
            "wanted one of dot, mermaid",
        ),
        (("view", "two", "--no-browser"), "there are: one"),
        (("report", "one", "--out", "runs/one/ledger.sqlite"), "cannot be written"),
        (("export", "one", "ffff"), "no program of this run"),
        (("try", "one", name_of(1), "--model", "mynets:build", "--input", "2,x"), "whole numbers"),
    ):
        told = evolve(*words)
        assert told.returncode == 2, words
        assert wanted in told.stderr
        assert told.stderr.count("\n") == 1


def test_a_damaged_or_newer_ledger_is_told_and_the_others_are_listed(
    evolve: Evolve, folder: Path
) -> None:
    shutil.copytree(folder / "runs" / "one", folder / "runs" / "newer")
    with closing(sqlite3.connect(folder / "runs" / "newer" / "ledger.sqlite")) as database:
        database.execute("PRAGMA user_version = 99")
    shutil.copytree(folder / "runs" / "one", folder / "runs" / "broken")
    ledger = folder / "runs" / "broken" / "ledger.sqlite"
    ledger.write_bytes(ledger.read_bytes()[:5000])
    told = evolve("list")
    assert told.returncode == 2
    assert "runs/one" in told.stdout
    assert "a ledger of version 99" in told.stderr
    assert "runs/broken/ledger.sqlite" in told.stderr
    assert "Traceback" not in told.stderr
