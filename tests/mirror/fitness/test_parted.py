"""A table's rows are dealt to three splits, none of which shares one with another."""

from pathlib import Path

import polars as pl
import pytest

from fitness.errors import FitnessError
from fitness.suites import select
from fitness.suites.parted import SHARES, parted
from fitness.tables.loading import TableDeclaration, read_table
from tests.mirror.fitness.tables import cell, patients, written


def dealt(folder: Path, text: str, shift: str = "noise:0.5") -> Path:
    path = written(folder, text)
    declared = TableDeclaration(path, shift, "patients", "table", "y", drop=("sex",))
    return parted(read_table(path), declared, folder / "data", seed=1)


def test_every_row_is_dealt_to_one_split(tmp_path: Path) -> None:
    suite = dealt(tmp_path, patients(400))
    parts = {split: pl.read_parquet(suite.parent / f"{split}.parquet") for split in SHARES}
    assert {split: len(part) for split, part in parts.items()} == {
        "search": 240, "valid": 80, "test": 80,
    }  # fmt: skip
    rows = pl.concat(list(parts.values()))
    assert sorted(rows["y"]) == sorted(read_table(tmp_path / "t.csv").columns["y"])
    for split in SHARES:
        (task,) = select(str(suite), split).tasks
        assert (task.name, task.shifts[1]) == (f"patients-{split}", "noise:0.5")


@pytest.mark.parametrize(
    ("rows", "shift", "message"),
    [
        (400, "feature:age>89.9", r"t\.csv: shift .* leaves \d+ of 400 rows"),
        (200, "noise:0.5", r"t\.csv, valid: shift 'noise:0.5' leaves 13 of 40 rows"),
    ],
)
def test_too_few_rows_of_a_split_are_told_of_and_nothing_is_written(
    tmp_path: Path, rows: int, shift: str, message: str
) -> None:
    with pytest.raises(FitnessError, match=message):
        dealt(tmp_path, patients(rows), shift)
    assert not (tmp_path / "data").exists()


def test_a_bad_cell_is_named_by_its_row_in_the_whole_table(tmp_path: Path) -> None:
    with pytest.raises(FitnessError, match=r"t\.csv: column 'dose', row 7 is 'much'"):
        dealt(tmp_path, patients(400, cell(7, "dose", "much")))
