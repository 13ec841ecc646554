"""Trackers hear of a run what they are meant to, and are never in its way."""

import logging
from collections.abc import Mapping
from pathlib import Path
from threading import Event as Signal
from time import sleep
from typing import Any

import pytest

from evolve import runs
from evolve.errors import ConfigError
from evolve.runs import Run
from evolve.tracking import Tracking, engaged
from evolve.tracking.tracker import Tracked
from tests.mirror.evolve.lived import config, heard

pytest.importorskip("matplotlib", reason="no extra of a tracker is installed")


class Notebook:
    """A tracker that keeps what it is told; it breaks at so many records, or waits at the first."""

    def __init__(self, breaks_at: int | None = None, waits_for: Signal | None = None) -> None:
        self.breaks_at, self.waits_for = breaks_at, waits_for
        self.tracked: list[Tracked] = []
        self.notes: list[tuple[int, Mapping[str, float]]] = []
        self.drawn: list[tuple[int, str]] = []
        self.closed = 0

    def connect(self, tracked: Tracked) -> "Notebook":
        self.tracked.append(tracked)
        return self

    def note(self, records: int, figures: Mapping[str, float]) -> None:
        if self.waits_for:
            self.waits_for.wait()
        if records == self.breaks_at:
            raise ConnectionError("the server\nis gone")
        self.notes.append((records, figures))

    def draw(self, records: int, name: str, figure: Any) -> None:
        self.drawn.append((records, name))

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return runs.create(tmp_path, "one", config(30))


def followed(run: Run, notebook: Notebook) -> None:
    with Tracking("notebook", notebook.connect) as tracking:
        heard(run, tracking)


def test_a_tracker_is_told_of_every_record_in_order_and_shown_pictures_at_the_end(
    run: Run,
) -> None:
    notebook = Notebook()
    followed(run, notebook)
    records = run.records()
    assert [number for number, _ in notebook.notes] == [*range(1, len(records) + 1)]
    told = [figures.get("fitness") for _, figures in notebook.notes]
    whole = [r.evaluation if not r.round else None for r in records]
    assert told == [each.fitness if each and each.complete else None for each in whole]
    assert notebook.notes[-1][1]["evaluations"] == 30
    assert {"fresh_seeds", "best", "minutes"} <= set().union(*(each for _, each in notebook.notes))
    assert {name for _, name in notebook.drawn} >= {"progress", "front"}
    assert notebook.closed == 1


def test_a_run_that_is_gone_on_with_is_the_same_to_its_tracker(run: Run) -> None:
    notebook = Notebook()
    followed(run, notebook)
    run.keep(config(40))
    followed(run, notebook)
    first, second = notebook.tracked
    assert first.id == second.id
    assert (first.name, second.settings["budget.evaluations"]) == ("one", 40)
    numbers = [number for number, _ in notebook.notes]
    assert numbers == [*range(1, len(numbers) + 1)]


def test_a_tracker_that_fails_is_left_out_and_that_is_said_once(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    notebook = Notebook(breaks_at=5)
    with caplog.at_level(logging.WARNING, "evolve"):
        followed(run, notebook)
    assert [each.getMessage() for each in caplog.records] == [
        "notebook is told no more of this run: the server is gone"
    ]
    assert len(notebook.notes) == 4
    assert len(run.records()) > 30


def test_a_tracker_that_hangs_holds_nothing_up(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("evolve.tracking.tracking._BEHIND", 10)
    signal = Signal()
    followed(run, Notebook(waits_for=signal))
    signal.set()
    assert "it lags by 10 events" in caplog.text
    assert len(run.records()) > 30


def test_a_tracker_that_is_unknown_or_not_installed_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ConfigError, match="wanted one of tensorboard, mlflow"):
        engaged(["comet"])
    monkeypatch.setattr("evolve.tracking.tracking.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"pip install 'activolve\[wandb\]'"):
        engaged(["wandb"])


def test_tensorboard_finds_scalars_and_pictures_in_the_runs_folder(run: Run) -> None:
    pytest.importorskip("tensorboardX", reason="the extra `tensorboard` is not installed")
    reading = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    (tracking,) = engaged(["tensorboard", "tensorboard"])
    with tracking:
        heard(run, tracking)
    read = reading.EventAccumulator(str(run.path / "tensorboard")).Reload()
    assert {"progress", "front"} <= set(read.Tags()["images"])
    evaluations = read.Scalars("evaluations")
    assert (evaluations[-1].step, evaluations[-1].value) == (len(run.records()), 30)


@pytest.mark.filterwarnings("ignore")  # its own, of SQLAlchemy
def test_mlflow_keeps_one_run_of_two_sessions(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow = pytest.importorskip("mlflow", reason="the extra `mlflow` is not installed")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    for evaluations in (30, 35):
        run.keep(config(evaluations))
        (tracking,) = engaged(["mlflow"])
        with tracking:
            heard(run, tracking)
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name("activolve").experiment_id
    (found,) = client.search_runs([experiment])
    assert (found.info.run_name, found.info.status) == ("one", "FINISHED")
    assert found.data.metrics["evaluations"] == 35
    assert found.data.params["search.operators"] == "['gp', 'random']"
    assert "progress.png" in {each.path for each in client.list_artifacts(found.info.run_id)}


@pytest.mark.filterwarnings("ignore")  # its own
def test_wandb_offline_keeps_a_file_and_pictures_in_the_runs_folder(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("wandb", reason="the extra `wandb` is not installed")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setattr("evolve.tracking.tracking._PATIENCE_SECONDS", 200.0)  # a busy machine
    (tracking,) = engaged(["wandb"])
    with tracking:
        heard(run, tracking)
    assert "is told no more" not in caplog.text
    (kept,) = (run.path / "wandb").glob("offline-run-*/run-one-*.wandb")
    while kept.stat().st_size < 1000:  # it answers before its own process has written
        sleep(0.1)
    assert list(kept.parent.glob("files/media/images/progress_*.png"))
