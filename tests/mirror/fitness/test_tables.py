from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fitness.chance import stream
from fitness.errors import FitnessError
from fitness.exam import draw
from fitness.recipe import Recipe
from fitness.suites import Split
from fitness.tables.task import TableTask
from tests.mirror.fitness.tables import Change, cell, every, load, patients

SHIFTS = (
    "feature:age>60",
    "feature:age<q0.3",
    "group:hospital=3",
    "group:sex=m",
    "noise:0.5",
    "missing:age,sex",
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "patients.csv"
    path.write_text(patients(), encoding="utf-8")
    return path


def _written(folder: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
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


@pytest.mark.parametrize("shift", SHIFTS)
def test_no_row_of_the_shifted_side_is_ever_trained_on(table: Path, shift: str) -> None:
    task = load(table, shift)
    for number in range(20):
        redrawn = task.redrawn(stream("transform", number))
        within, beyond = (redrawn.batch(side, 999, stream(number)) for side in task.shifts)
        outcomes = [set(batch.targets[:, 0].tolist()) for batch in (within, beyond)]
        assert len(outcomes[0]) == len(within.targets)
        assert not outcomes[0] & outcomes[1]
        assert len(within.targets) + len(beyond.targets) == 200


def test_rows_are_split_at_random_for_each_seed_and_never_by_order(tmp_path: Path) -> None:
    ordered = _written(tmp_path, patients(400, every("y", lambda row: f"{row}")))
    exam = draw(Split("mine", "search", (load(ordered, "noise:0.5"),)), Recipe(seeds=2))
    ranks = exam.lessons[0].targets[:, :, 0].argsort(axis=1).argsort(axis=1)
    places = np.arange(ranks.shape[1])
    for each in ranks:
        assert abs(np.corrcoef(each, places)[0, 1]) < 0.3
    assert not np.array_equal(ranks[0], ranks[1])


def test_a_small_table_is_cut_in_the_recipes_proportion(table: Path) -> None:
    exam = draw(Split("mine", "search", (load(table, "group:hospital=3"),)), Recipe())
    lesson, answers = exam.lessons[0], exam.answers[0]
    assert lesson.inputs.shape == (4, 64, 1, 5)  # 192 / 448 of 150 rows
    assert answers.inside.shape[1] == 86
    assert answers.outside.shape[1] == 50


def test_a_feature_that_names_the_shift_stays_an_input_unless_it_is_constant(table: Path) -> None:
    assert "age" in load(table, "feature:age>60").features.names
    assert "hospital" in load(table, "group:hospital=3").features.names
    assert load(table, "group:sex=m").features.names == ("age", "dose", "hospital")


def test_a_column_that_is_left_out_may_name_the_shift(table: Path) -> None:
    task = load(table, "group:hospital=3", drop=("hospital", "sex"))
    assert task.features.names == ("age", "dose")
    assert task.beyond.sum() == 50


def test_a_limit_parts_rows_by_the_features_value(table: Path) -> None:
    for shift, belongs in (
        ("feature:age>60", lambda age: age > 60),
        ("feature: age < 60", lambda age: age < 60),
        ("feature:age<q0.3", lambda age: age < np.quantile(age, 0.3)),
    ):
        task = load(table, shift)
        np.testing.assert_array_equal(task.beyond, belongs(task.features.values[:, 0]))


def test_noise_is_as_large_as_it_says_in_each_features_own_deviations(tmp_path: Path) -> None:
    task = load(_written(tmp_path, patients(3000)), "noise:0.5", drop=("sex",))
    clean = {y: x for x, y in zip(task.features.values, task.targets[:, 0], strict=True)}
    batch = task.redrawn(stream(2)).batch("noise:0.5", 3000, stream(1))
    noise = batch.inputs - np.stack([clean[y] for y in batch.targets[:, 0]])
    deviations = task.features.values.std(axis=0)
    np.testing.assert_allclose(noise.std(axis=0) / deviations, 0.5, rtol=0.1)


def test_a_missing_column_is_replaced_by_the_mean_of_what_is_trained_on(table: Path) -> None:
    exam = draw(Split("mine", "search", (load(table, "missing:age,sex"),)), Recipe())
    lesson, inside = exam.lessons[0], exam.answers[0].inside.shape[1]
    shifted = lesson.queries[:, inside:, 0]
    np.testing.assert_allclose(lesson.inputs[:, :, 0].mean(axis=1), 0.0, atol=1e-5)
    np.testing.assert_array_equal(shifted[:, :, [0, 3, 4]], 0.0)
    assert (shifted[:, :, 1].std(axis=1) > 0.5).all()


def test_what_does_not_vary_in_training_is_no_input_of_a_seed(tmp_path: Path) -> None:
    rare = _written(tmp_path, patients(200, every("dose", lambda row: "0.1" if row else "7")))
    exam = draw(Split("mine", "search", (load(rare),)), Recipe(seeds=8))
    lesson = exam.lessons[0]
    flat = [k for k in range(8) if lesson.inputs[k, :, 0, 1].std() == 0]
    assert flat
    np.testing.assert_array_equal(lesson.queries[flat][:, :, 0, 1], 0.0)


@pytest.mark.parametrize(
    ("change", "said", "words"),
    [
        (every("y", lambda row: ("yes", "no", "perhaps")[row % 3]), {}, 3),
        (every("y", lambda row: ("true", "false")[row // 3 % 2]), {}, 2),
        (every("y", lambda row: str(row % 5)), {"classes": True}, 5),
        (every("y", lambda row: str(row % 5)), {}, 1),
    ],
)
def test_words_are_classes_and_numbers_are_if_that_is_said(
    tmp_path: Path, change: Change, said: dict[str, bool], words: int
) -> None:
    task = load(_written(tmp_path, patients(200, change)), **said)
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
    path = _written(tmp_path, patients(200, change) if change else patients())
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
        load(_written(tmp_path, content, name))
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
        load(_written(tmp_path, content, name))
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
    assert len(load(_written(tmp_path, patients() + "\n\n")).targets) == 200
    with pytest.raises(FitnessError, match="row 101 is empty"):
        load(_written(tmp_path, patients().replace("\n", "\n\n", 101).replace("\n\n", "\n", 100)))


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


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.integers(60, 120),
    quantile=st.floats(0.05, 0.95),
    side=st.sampled_from("<>"),
    seed=st.integers(0, 2**32),
)
def test_every_quantile_parts_all_rows_or_says_that_a_side_is_too_small(
    tmp_path: Path, rows: int, quantile: float, side: str, seed: int
) -> None:
    path = _written(tmp_path, patients(rows))
    try:
        task: TableTask = load(path, f"feature:age{side}q{quantile}")
    except FitnessError as error:
        assert "at least" in str(error)  # noqa: PT017
        return
    within, beyond = (task.batch(each, rows, stream(seed)) for each in task.shifts)
    assert len(within.targets) >= 40
    assert len(beyond.targets) >= 20
    assert len(within.targets) + len(beyond.targets) == rows
    ages = within.inputs[:, 0], beyond.inputs[:, 0]
    assert ages[0].max() <= ages[1].min() if side == ">" else ages[0].min() >= ages[1].max()
