from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fitness.errors import FitnessError
from tests.mirror.fitness.tables import Change, cell, every, load, patients, written


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "patients.csv"
    path.write_text(patients(), encoding="utf-8")
    return path


def test_numbers_are_inputs_as_they_are_and_words_are_one_column_each(table: Path) -> None:
    task = load(table)
    assert task.features.names == ("age", "dose", "hospital", "sex=f", "sex=m")
    assert task.features.columns == ("age", "dose", "hospital", "sex", "sex")
    plain = np.loadtxt(io.StringIO(table.read_text()), delimiter=",", skiprows=1, usecols=(0, 1, 4))
    np.testing.assert_array_equal(task.features.values[:, :2], plain[:, :2])
    np.testing.assert_array_equal(task.targets[:, 0], plain[:, 2])
    np.testing.assert_array_equal(task.features.values[:, 3:].sum(axis=1), 1.0)


def test_a_parquet_file_reads_as_the_same_table(table: Path) -> None:
    parquet = table.with_suffix(".parquet")
    pl.read_csv(table).write_parquet(parquet)
    one, other = load(table), load(parquet)
    assert one.features.names == other.features.names
    np.testing.assert_array_equal(one.features.values, other.features.values)
    np.testing.assert_array_equal(one.targets, other.targets)


@pytest.mark.parametrize(
    ("change", "said", "words"),
    [
        (every("y", lambda row: ("yes", "no", "perhaps")[row % 3]), "nothing", 3),
        (every("y", lambda row: ("true", "false")[row // 3 % 2]), "nothing", 2),
        (every("y", lambda row: str(row % 5)), "classes", 5),
        (every("y", lambda row: str(row % 5)), "nothing", 1),
    ],
)
def test_words_are_classes_and_numbers_are_if_that_is_said(
    tmp_path: Path, change: Change, said: Literal["classes", "nothing"], words: int
) -> None:
    task = load(written(tmp_path, patients(200, change)), classes=said == "classes" or None)
    assert task.targets.shape == (200, words)
    assert task.classes == (words > 1)
    if task.classes:
        np.testing.assert_array_equal(task.targets.sum(axis=1), 1.0)


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (cell(7, "age", "abc"), {}, "column 'age', row 7 is 'abc', which is no number"),
        (cell(7, "age", "NA"), {}, "column 'age', row 7 is 'NA', which is no number"),
        (cell(7, "age", ""), {}, "column 'age', row 7 is empty, as 1 of the column's 200 cells"),
        (cell(9, "dose", "nan"), {}, "column 'dose', row 9 is nan, and a finite number"),
        (cell(9, "dose", "-inf"), {}, "column 'dose', row 9 is -inf, and a finite number"),
        (cell(9, "dose", "1e300"), {}, r"row 9 is 1e\+300, and a finite number"),
        (cell(3, "y", "?"), {}, r"column 'y', row 3 is '\?', which is no number"),
        (cell(3, "y", ""), {}, "column 'y', row 3 is empty"),
        (cell(3, "sex", ""), {}, "column 'sex', row 3 is empty"),
        (cell(5, "y", "1,2"), {}, "row 5 has 6 cells, but the first line names 5 columns"),
        (every("y", lambda _: "5"), {}, "column 'y' has one value, 5, alone"),
        (every("y", lambda _: "yes"), {}, r"column 'y' has 1 class \('yes'\), and 2 to 50"),
        (every("y", lambda row: f"n{row}"), {}, "column 'y' has 200 classes, and 2 to 50"),
        (every("y", lambda row: "ab"[row % 2]), {"shift": "group:sex=m"}, "has one class alone"),
        (every("sex", lambda row: f"id{row}"), {}, "'sex' holds text, 200 different words such as"),
        (None, {"target": "Y"}, "there is no target column 'Y'; did you mean 'y'"),
        (None, {"target": "sex", "classes": False}, "column 'sex', row 1 is 'm', which is no numb"),
        (None, {"drop": ("sexx",)}, "there is no column 'sexx'; did you mean 'sex'"),
        (None, {"drop": ("age", "dose", "hospital", "sex")}, "has no column beside the target"),
        (
            None,
            {"shift": "rotate:3"},
            "no shift of a table 'rotate'; choose one of these: feature,",
        ),
        (None, {"shift": "grup:sex=m"}, "did you mean 'group'"),
        (None, {"shift": "feature:aeg>60"}, "there is no column 'aeg'; did you mean 'age'"),
        (None, {"shift": "feature:y>0"}, "there is no column 'y'"),
        (None, {"shift": "feature:sex>0"}, "column 'sex', row 1 is 'm', which is no number"),
        (None, {"shift": "feature:age=60"}, "'feature:age=60' is not understood; write feature:"),
        (None, {"shift": "feature:age>old"}, "is not understood"),
        (None, {"shift": "feature:age>q60"}, "a quantile between 0 and 1"),
        (
            None,
            {"shift": "feature:age>600"},
            "leaves 0 of 200 rows on the out-of-distribution side",
        ),
        (None, {"shift": "feature:age>0"}, "leaves 0 of 200 rows on the in-distribution side"),
        (None, {"shift": "feature:age>q0.95"}, "leaves 10 of 200 rows on the out-of-distribution"),
        (None, {"shift": "group:hospital=9"}, "no hospital '9'; choose one of these: 0, 1, 2, 3"),
        (None, {"shift": "group:hospital"}, "is not understood; write group:hospital=3"),
        (None, {"shift": "noise:loud"}, "'noise:loud' is not understood"),
        (None, {"shift": "noise:-1"}, "standard deviations above 0"),
        (None, {"shift": "missing:agee"}, "there is no input 'agee'; did you mean 'age'"),
    ],
)
def test_a_table_that_will_not_do_is_answered_with_one_line(
    tmp_path: Path, change: Change | None, options: dict[str, object], message: str
) -> None:
    path = written(tmp_path, patients(200, change) if change else patients())
    with pytest.raises(FitnessError, match=message) as caught:
        load(path, **options)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert [each.name for each in tmp_path.iterdir()] == ["t.csv"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", b"", "is empty; it should begin with a line of column names"),
        ("t.csv", b"\n\n", "begins with ''; two names of columns"),
        ("t.csv", b"age;y\n1;2\n", "begins with 'age;y'; two names of columns or more"),
        ("t.csv", b"age,y\n", "has column names and no rows"),
        ("t.csv", b"age,age,y\n1,2,3\n", "two columns are named 'age'; rename one"),
        ("t.csv", b"age,,y\n1,2,3\n", "column 2 has no name"),
        ("t.csv", b"\x89PNG\r\n\x1a\n\0\0", "is no text: byte 8 is 0"),
        ("t.csv", "age,y\né,2\n".encode("latin-1"), "no text in UTF-8: byte 6 is 0xe9"),
        ("t.parquet", b"\x89PNG\r\n\x1a\n", "is no Parquet file: it begins with"),
        ("t.parquet", b"PAR1" + bytes(range(200)), "is no table: "),
        ("t.xlsx", b"PK", "ends in '.xlsx'; a table ends in .csv or .parquet"),
    ],
)
def test_a_file_that_is_no_table_is_answered_with_one_line(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(FitnessError, match=message) as caught:
        load(written(tmp_path, content, name))
    assert "\n" not in str(caught.value)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=400), name=st.sampled_from(["t.csv", "t.parquet"]))
def test_no_bytes_give_anything_but_a_table_or_one_line(
    tmp_path: Path, content: bytes, name: str
) -> None:
    content = b"PAR1" + content + b"PAR1" if name == "t.parquet" else b"age,y\n" + content
    with pytest.raises(FitnessError) as caught:
        load(written(tmp_path, content, name))
    assert "\n" not in str(caught.value)


def test_what_is_no_ordinary_file_is_never_read(tmp_path: Path) -> None:
    with pytest.raises(FitnessError, match=r"there is no file .*gone.csv"):
        load(tmp_path / "gone.csv")
    with pytest.raises(FitnessError, match="is a folder"):
        load(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(FitnessError, match="is no ordinary file"):
        load(tmp_path / "pipe.csv")


def test_a_file_of_a_gigabyte_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.touch()
    os.truncate(path, 2**30)
    with pytest.raises(FitnessError, match=r"has 1,024 MiB, and the most that is read is 256 MiB"):
        load(path)


def test_a_small_file_that_holds_a_large_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dense.parquet"
    zeros = pl.zeros(13_000_000, dtype=pl.Int8, eager=True)
    pl.DataFrame(dict.fromkeys("abcd", zeros)).write_parquet(path)
    assert path.stat().st_size < 2**20
    with pytest.raises(FitnessError, match=r"has 13,000,000 rows of 4 columns"):
        load(path)


def test_more_features_than_rows_are_refused(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    names = ["age", "y", *(f"x{k}" for k in range(150))]
    wide = pl.DataFrame(rng.uniform(0, 100, (150, 152)), schema=names)
    wide.write_csv(tmp_path / "wide.csv")
    with pytest.raises(FitnessError, match=r"has 151 features and \d+ in-distribution rows"):
        load(tmp_path / "wide.csv")


def test_lines_left_empty_at_the_end_are_no_rows(tmp_path: Path) -> None:
    assert len(load(written(tmp_path, patients() + "\n\n")).targets) == 200
    with pytest.raises(FitnessError, match="row 101 is empty"):
        load(written(tmp_path, patients().replace("\n", "\n\n", 101).replace("\n\n", "\n", 100)))


def test_cells_of_parquet_that_are_no_numbers_are_named(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    plain = pl.read_csv(io.StringIO(patients()))
    path = tmp_path / "t.parquet"
    plain.with_columns(when=pl.lit(datetime(2020, 1, 1, tzinfo=UTC))).write_parquet(path)
    with pytest.raises(FitnessError, match="column 'when' holds Datetime"):
        load(path)
    assert "when" not in load(path, drop=("when",)).features.names
    plain.with_columns(dose=pl.when(pl.col("age") > 0).then(float("nan"))).write_parquet(path)
    with pytest.raises(FitnessError, match="column 'dose', row 1 is empty, as 200 of"):
        load(path)
