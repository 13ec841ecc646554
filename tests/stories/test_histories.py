"""Runs made of other runs: done again, forked, merged, written out."""

from pathlib import Path

import polars as pl
import pytest

from evolve import runs
from tests.stories.conftest import Evolve
from tests.stories.test_search import options


@pytest.mark.ray
def test_a_run_of_two_workers_is_replayed_forked_merged_and_dumped(
    evolve: Evolve, tmp_path: Path
) -> None:
    search = ("--operators", "gp,random", "--budget", "evaluations=6", *options())
    told = evolve("run", *search, "--name", "one", "--workers", "2")
    assert told.returncode == 0, told.stderr
    one = runs.find("one", tmp_path / "runs")

    again = evolve("replay", "one")
    assert again.returncode == 0, again.stdout
    assert "none differ" in again.stderr

    change = ("--set", "database.islands=1", "--set", "evaluators.workers=1")
    forked = evolve("fork", "one", "--at", "4", *change, "--budget", "evaluations=8", "--name", "b")
    assert forked.returncode == 0, forked.stderr

    merged = evolve("merge", "one", "b", "--name", "both")
    assert merged.returncode == 0, merged.stderr
    assert "Pareto" in evolve("show", "both", "--front").stdout

    dumped = evolve("dump", "both")
    assert dumped.returncode == 0, dumped.stderr
    kept = pl.read_parquet(tmp_path / "runs" / "both" / "dump" / "records.parquet")
    other = runs.find("b", tmp_path / "runs")
    assert len(kept) == len(one.records()) + len(other.records())


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["fork", "nothing"], "nothing"),
        (["replay", "nothing"], "nothing"),
        (["dump", "nothing"], "nothing"),
        (["merge", "nothing"], "name two or more"),
        (["merge", "nothing", "nobody"], "nothing"),
    ],
)
def test_a_run_that_is_not_there_is_one_line(
    evolve: Evolve, words: list[str], complaint: str
) -> None:
    told = evolve(*words)
    assert told.returncode == 2
    assert told.stderr.startswith("error: ")
    assert complaint in told.stderr
