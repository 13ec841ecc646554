import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from evolve.dump import dump
from evolve.errors import RunError
from evolve.ledger.schema import TABLES
from evolve.runs import LEDGER
from tests.mirror.evolve.lived import lived

Read = Callable[[Path], pl.DataFrame]


@pytest.mark.parametrize(
    ("form", "read"),
    [("parquet", pl.read_parquet), ("jsonl", pl.read_ndjson), ("csv", pl.read_csv)],
)
def test_a_dump_holds_every_row_of_every_table(tmp_path: Path, form: str, read: Read) -> None:
    run = lived(tmp_path, "run", 12)
    written = dump(run.path / LEDGER, tmp_path / "deep" / "dump", form)
    assert [path.name for path, _ in written] == [f"{table}.{form}" for table in TABLES]
    with closing(sqlite3.connect(run.path / LEDGER)) as raw:
        for table, (path, count) in zip(TABLES, written, strict=True):
            rows = raw.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
            assert len(rows) == count
            if rows:
                assert len(read(path)) == count
    if form == "parquet":
        records = pl.read_parquet(tmp_path / "deep" / "dump" / "records.parquet")
        assert records["step"].to_list() == [record.step for record in run.records()]
        assert records["fitness"].dtype == pl.Float64


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    run = lived(tmp_path, "run", 3)
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"file.*--out"):
        dump(run.path / LEDGER, tmp_path / "file", "csv")
