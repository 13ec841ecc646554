"""What ends a run, and what its exit code says."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evolve import runs, settings
from tests.stories.conftest import Begin, Evolve, Going
from tests.stories.test_search import options, wait_for_records

SEARCH = ("run", "--operators", "gp,random", "--name", "one")


@contextmanager
def searching(begin: Begin, folder: Path, *more: str) -> Iterator[Going]:
    """A search in a process of its own, with a few records already."""
    search = begin(*SEARCH, *options(), *more)
    try:
        wait_for_records(folder / "runs", 3)
        yield search
    finally:
        search.kill()


def how_it_ended(folder: Path) -> str | None:
    return runs.find("one", folder / "runs").sessions[-1].ended


@pytest.mark.parametrize(
    ("budget", "told"),
    [
        ("patience=3", "trials in a row brought no new best"),
        ("evaluations=50,target=-9,patience=40", "target=-9"),
    ],
)
def test_a_stop_rule_ends_a_run_with_0(
    evolve: Evolve, tmp_path: Path, budget: str, told: str
) -> None:
    ended = evolve(*SEARCH, *options(), "--budget", budget)
    assert ended.returncode == 0, ended.stderr
    assert told in ended.stdout
    assert told in str(how_it_ended(tmp_path))


def test_a_stop_file_ends_a_run_when_its_trials_are_done(begin: Begin, tmp_path: Path) -> None:
    with searching(begin, tmp_path) as search:
        stop = tmp_path / "runs" / "one" / "stop"
        stop.touch()
        told = search.ended(60)
    assert told.returncode == 0
    assert "Finished: stop file" in told.stdout
    assert not stop.exists()
    steps = sorted(record.step for record in runs.find("one", tmp_path / "runs").records())
    assert steps == list(range(len(steps)))  # nothing was in flight


@pytest.mark.ray
@pytest.mark.parametrize(
    ("ending", "workers"), [(signal.SIGINT, "1"), (signal.SIGHUP, "1"), (signal.SIGTERM, "2")]
)
def test_a_signal_ends_a_run_at_once_and_the_exit_code_says_which(
    begin: Begin, tmp_path: Path, ending: signal.Signals, workers: str
) -> None:
    with searching(begin, tmp_path, "--workers", workers) as search:
        search.send_signal(ending)
        told = search.ended(60)
    assert told.returncode == 128 + ending
    assert "Everything is kept in runs/one" in told.stdout
    assert "evolve resume runs/one" in told.stdout
    assert how_it_ended(tmp_path) == f"stopped by {ending.name}"
    assert runs.find("one", tmp_path / "runs").status == "stopped"


def test_two_drivers_do_not_share_a_run(begin: Begin, evolve: Evolve, tmp_path: Path) -> None:
    with searching(begin, tmp_path, "--budget", "evaluations=1000"):
        second = evolve("resume", "one")
        assert second.returncode == 2
        assert "another `evolve` is at work" in second.stderr


def test_a_resume_under_other_settings_is_refused_with_the_difference_unless_accepted(
    evolve: Evolve, tmp_path: Path
) -> None:
    assert evolve(*SEARCH, *options(), "--budget", "evaluations=4").returncode == 0
    run = runs.find("one", tmp_path / "runs")
    run.keep(settings.read(run.path / runs.SETTINGS, ["database.islands=2", "fitness.seeds=3"]))
    more = ("resume", "one", "--budget", "evaluations=5")
    refused = evolve(*more)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    for difference in ("database.islands: 3 -> 2", "fitness.seeds: 2 -> 3", "suite: "):
        assert difference in refused.stderr
    assert evolve(*more, "--accept-changes").returncode == 0
    assert "database.islands: 3 -> 2" in run.sessions[-1].accepted
    assert evolve("resume", "one", "--budget", "evaluations=6").returncode == 0


def test_a_disk_that_is_full_is_one_line_and_the_run_goes_on_when_it_is_not(
    evolve: Evolve, tmp_path: Path
) -> None:
    assert evolve(*SEARCH, *options(), "--budget", "evaluations=4").returncode == 0
    run = runs.find("one", tmp_path / "runs")
    before = run.records()
    # As if the disk had room for so many bytes and no more.
    script = 'ulimit -f 64 && exec "$0" -m evolve resume one --budget evaluations=9'
    told = subprocess.run(  # noqa: S603  (our own command)
        ["/bin/bash", "-c", script, sys.executable],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert told.returncode == 2, told.stderr
    assert told.stderr.count("\n") == 1
    assert "evolve resume runs/one" in told.stderr
    until_then = run.records()
    assert until_then[: len(before)] == before
    assert evolve("resume", "one", "--budget", "evaluations=9").returncode == 0
    assert run.records()[: len(until_then)] == until_then
