import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from evolve import runs
from evolve.config import Config
from evolve.errors import RunError
from evolve.provenance import here
from tests.mirror.evolve.lived import lived


def test_a_new_run_keeps_its_settings(tmp_path: Path) -> None:
    run = runs.create(tmp_path / "deep" / "runs", "first", Config())
    assert run.config == Config()
    assert run.records() == []
    assert run.status == "stopped"


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "a b", "x" * 300])
def test_a_name_that_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunError):
        runs.create(tmp_path, name, Config())
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    runs.create(tmp_path, "one", Config())
    with pytest.raises(RunError, match="exists already"):
        runs.create(tmp_path, "one", Config())


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="file"):
        runs.create(tmp_path / "file", "one", Config())


def test_a_run_is_found_by_path_and_by_name_and_a_near_name_is_offered(tmp_path: Path) -> None:
    run = runs.create(tmp_path, "morning", Config())
    assert runs.find("morning", tmp_path) == runs.find(str(run.path), Path("elsewhere")) == run
    with pytest.raises(RunError, match="did you mean 'morning'"):
        runs.find("mornin", tmp_path)
    with pytest.raises(RunError, match="there are: morning"):
        runs.find("night", tmp_path)


def test_one_driver_at_a_time(tmp_path: Path) -> None:
    run = runs.create(tmp_path, "one", Config())
    assert run.status == "stopped"
    with run.driving():
        assert run.status == "running"
        with pytest.raises(RunError, match="at work"), runs.Run(run.path).driving():
            pass
    with closing(run.ledger()) as ledger:
        ledger.annals.begin(here(Config(), "suite"))
    assert run.status == "stopped"
    run.end("finished: evaluations=3")
    assert run.status == "finished"


def test_a_stop_file_asks_for_an_end_once(tmp_path: Path) -> None:
    run = runs.create(tmp_path, "one", Config())
    assert not run.asked_to_stop
    (run.path / "stop").touch()
    assert run.asked_to_stop
    run.end("finished: stop file")
    assert not run.asked_to_stop


def test_a_folder_that_nobody_can_write_can_be_read_and_not_driven(tmp_path: Path) -> None:
    run = lived(tmp_path, "one", 3)
    with read_only(run.path):
        assert len(run.records()) >= 3
        assert run.status == "finished"
        with (
            pytest.raises(RunError, match=r"one: cannot be written .*copy the folder"),
            run.driving(),
        ):
            pass
        with closing(run.ledger()) as ledger, pytest.raises(RunError, match="cannot be written"):
            ledger.extend([run.records()[0]])


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """As another, unprivileged user sees a folder of ours: a superuser may write anything."""
    if os.geteuid() != 0:
        folder.chmod(0o555)
        yield
        folder.chmod(0o755)
        return
    for each in (folder, *folder.parents):
        each.chmod(each.stat().st_mode | 0o055)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
