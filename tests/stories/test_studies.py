"""Studies by their commands."""

from pathlib import Path

import pytest

from tests.stories.conftest import Evolve


def test_studies_are_listed_and_a_misspelt_one_is_named(evolve: Evolve) -> None:
    told = evolve("study", "list")
    assert "generalisation" in told.stdout
    assert "higgs" in told.stdout
    wrong = evolve("study", "run", "simmetry")
    assert (wrong.returncode, wrong.stderr) == (
        2, "error: there is no study 'simmetry'; did you mean 'symmetry'?\n",
    )  # fmt: skip
    wrong = evolve("study", "run", "transfer", "--data", "higgs")
    assert wrong.returncode == 2
    assert wrong.stderr == "error: --data 'higgs': wanted NAME=FILE or NAME=openml:ID\n"
    wrong = evolve("study", "run", "symmetry", "transfer", "--data", "birds=none.csv")
    assert wrong.returncode == 2
    assert "no such table is taken, but: cells, digits, higgs" in wrong.stderr
    wrong = evolve("study", "run", "transfer", "--data", "higgs=none.csv")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("error: there is no file none.csv; wanted is HIGGS (archive.ics")
    assert "28 columns of numbers and a column 'label' in which 1 counts as 1" in wrong.stderr
    assert wrong.stderr.count("\n") == 1
    wrong = evolve("study", "run", "transfer", "--data", "higgs=none.csv#sha256=42")
    assert (wrong.returncode, wrong.stderr) == (
        2, "error: none.csv#sha256=42: want 12 to 64 digits 0-9a-f after #sha256=\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("folder.md", "cannot be written (Is a directory)"),
        ("none/page.md", "cannot be written (No such file or directory)"),
        ("bytes.md", "is there, and no page of studies"),
    ],
)
def test_a_page_that_cannot_be_written_is_one_line(
    evolve: Evolve, tmp_path: Path, place: str, said: str
) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "bytes.md").write_bytes(b"\xff\xfe")
    told = evolve("study", "page", "--out", place)
    assert told.returncode == 2
    assert told.stderr.startswith(f"error: --out {place}: {said}")
    assert told.stderr.count("\n") == 1
    assert (tmp_path / "bytes.md").read_bytes() == b"\xff\xfe"


def test_a_page_of_nothing_kept_says_so(evolve: Evolve, tmp_path: Path) -> None:
    told = evolve("study", "page", "--out", "page.md")
    assert told.stdout == "Wrote page.md; new on it: nothing\n"
    assert "Nothing is kept of: generalisation" in (tmp_path / "page.md").read_text()
