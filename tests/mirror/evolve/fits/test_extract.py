"""Tables as fits take them, and those that they do not take."""

from pathlib import Path

import numpy as np
import pytest

from evolve.errors import ConfigError
from evolve.fits.extract import read
from evolve.fits.fitted import measured

ROWS = [f"{k},{k % 7},{k * k}" for k in range(30)]


def written(folder: Path, lines: list[str], head: str = "a,b,y") -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


def test_a_fifth_of_the_rows_is_held_out_and_every_row_is_somewhere(tmp_path: Path) -> None:
    extract = read(str(written(tmp_path, ROWS)), "y", (), classes=False, seed=3)
    assert (len(extract.inputs), len(extract.held_inputs)) == (24, 6)
    assert sorted([*extract.inputs[:, 0], *extract.held_inputs[:, 0]]) == list(range(30))
    assert extract.names == ("a", "b")
    assert extract.labels == ("y",)
    assert not extract.classes
    again = read(str(written(tmp_path, ROWS)), "y", (), classes=False, seed=3)
    assert (again.inputs == extract.inputs).all()


def test_words_and_numbers_that_are_said_to_be_classes_are_classes(tmp_path: Path) -> None:
    lines = [f"{k},{k % 3},{'no' if k % 2 else 'yes'}" for k in range(30)]
    extract = read(str(written(tmp_path, lines)), "y", (), classes=False, seed=0)
    assert extract.classes
    assert extract.labels == ("no", "yes")
    assert extract.targets.sum(axis=1).tolist() == [1.0] * 24
    digits = read(str(written(tmp_path, lines)), "b", ("y",), classes=True, seed=0)
    assert digits.labels == ("0", "1", "2")
    assert digits.names == ("a",)


def test_a_public_set_is_a_table_too() -> None:
    extract = read("sklearn:wine", "target", (), classes=False, seed=0)
    assert (len(extract.inputs), len(extract.held_inputs)) == (143, 35)
    assert extract.labels == ("class_0", "class_1", "class_2")
    with pytest.raises(ConfigError, match="did you mean 'wine'"):
        read("sklearn:wines", "target", (), classes=False, seed=0)


@pytest.mark.parametrize(
    ("lines", "target", "drop", "complaint"),
    [
        ([f"{k},1,5" for k in range(30)], "y", (), "is 5 in every row"),
        ([f"{k},1,same" for k in range(30)], "y", (), "has 1 class"),
        ([*ROWS, "3,nan,2"], "y", (), "row 31"),
        ([*ROWS, "3,,2"], "y", (), "is empty"),
        ([*ROWS, "3,inf,2"], "y", (), "finite"),
        ([*ROWS, "3,2,nan"], "y", (), "row 31"),
        ([*ROWS, "3,two,2"], "y", (), "'two', which is no number"),
        ([f"{k},red,{k}" for k in range(30)], "y", (), "'red', which is no number"),
        (ROWS[:9], "y", (), "9 rows"),
        (ROWS, "z", (), "there is no column of"),
        (ROWS, "y", ("c",), "there is no column of"),
        (ROWS, "y", ("a", "b"), "no column is left"),
        ([], "y", (), "no rows"),
    ],
)
def test_a_table_that_will_not_do_is_one_line(
    tmp_path: Path, lines: list[str], target: str, drop: tuple[str, ...], complaint: str
) -> None:
    path = written(tmp_path, lines)
    with pytest.raises(ConfigError) as told:
        read(str(path), target, drop, classes=False, seed=0)
    assert complaint in str(told.value)
    assert "\n" not in str(told.value)


def test_more_inputs_than_rows_are_refused(tmp_path: Path) -> None:
    head = ",".join([*(f"f{k}" for k in range(40)), "y"])
    lines = [",".join(map(str, range(k, k + 41))) for k in range(20)]
    with pytest.raises(ConfigError, match="40 inputs and 20 rows"):
        read(str(written(tmp_path, lines, head)), "y", (), classes=False, seed=0)


def test_a_file_that_is_no_table_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"\x00\xff" * 40)
    for path in (broken, tmp_path / "missing.csv", tmp_path):
        with pytest.raises(ConfigError) as told:
            read(str(path), "y", (), classes=False, seed=0)
        assert "\n" not in str(told.value)


def test_r2_and_accuracy_are_what_they_are_called() -> None:
    targets = np.array([[1.0], [2.0], [3.0]])
    assert measured(targets, targets, classes=False) == 1.0
    assert measured(np.full((3, 1), 2.0), targets, classes=False) == 0.0
    one_hot = np.eye(3)
    assert measured(one_hot[[0, 1, 1]], one_hot, classes=True) == pytest.approx(2 / 3)
