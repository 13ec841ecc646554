from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fitness.errors import FitnessError
from fitness.exam import draw
from fitness.losses import grade
from fitness.recipe import Recipe
from fitness.suites import digest, families, names, select
from fitness.suites.builtin import BUILT_IN
from fitness.suites.declaration import SPLITS
from fitness.train import train_all
from tests.mirror.fitness import activations
from tests.mirror.fitness.tables import OWN, SUITE, patients

TABLE = '[[task]]\nsplit = "search"\nkind = "table"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A suite of all kinds of tasks, and what it names beside it."""
    (tmp_path / "mine.toml").write_text(SUITE, encoding="utf-8")
    (tmp_path / "patients.csv").write_text(patients(), encoding="utf-8")
    (tmp_path / "own_ridges.py").write_text(OWN, encoding="utf-8")
    yield tmp_path
    sys.modules.pop("own_ridges", None)


def _suite(folder: Path, text: str) -> str:
    path = folder / "other.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_lab_ships_with_a_split_for_each_purpose() -> None:
    assert names() == ("drawn", "lab")
    sizes = {split: len(select("lab", split).tasks) for split in SPLITS}
    assert sizes == {"search": 8, "valid": 4, "test": 10}


def test_every_built_in_task_has_a_place_in_a_suite_and_none_has_two() -> None:
    placed = set()
    for suite in names():
        tasks = [task.name for split in SPLITS for task in select(suite, split).tasks]
        assert len(tasks) == len(set(tasks))
        placed |= set(tasks)
    assert set(BUILT_IN) <= placed


def test_a_suite_of_ones_own_names_tasks_tables_and_python(folder: Path) -> None:
    search, valid = (select(str(folder / "mine.toml"), split) for split in ("search", "valid"))
    assert search.suite == valid.suite == "mine"
    assert [task.name for task in search.tasks] == ["absmax3", "patients"]
    assert search.families == ("piecewise linear", "table")
    assert [task.name for task in valid.tasks] == ["ridge"]


def test_every_kind_of_task_can_be_trained_and_graded(folder: Path) -> None:
    recipe = Recipe(steps=3, warm_up=0, seeds=1, validation_points=64, ood_points=64)
    for suite, split in ((str(folder / "mine.toml"), "search"), ("lab", "valid"), ("lab", "test")):
        exam = draw(select(suite, split), recipe)
        losses = grade(exam, train_all(activations.GELU, exam.lessons, recipe))
        for task in losses.tasks:
            assert np.isfinite(task.inside).all()
            assert np.isfinite(task.outside).all()


def test_only_the_split_that_is_asked_for_is_built(folder: Path) -> None:
    select(str(folder / "mine.toml"), "search")
    assert "own_ridges" not in sys.modules
    (folder / "patients.csv").unlink()
    select(str(folder / "mine.toml"), "valid")


def test_families_are_told_without_a_table_or_the_users_code(tmp_path: Path) -> None:
    suite = tmp_path / "mine.toml"
    suite.write_text(
        '[[task]]\nsplit = "search"\nname = "absmax3"\n'
        '[[task]]\nsplit = "search"\nuse = "nowhere:TASK"\n'
        '[[task]]\nsplit = "search"\nkind = "table"\npath = "gone.csv"\ntarget = "y"\n'
        'shift = "group:a=1"\nfamily = "patients"\n'
    )
    found = families(str(suite), "search")
    assert found == {"absmax3": "piecewise linear", "gone": "patients"}


def test_a_digest_is_the_same_wherever_the_suite_lies(folder: Path) -> None:
    first = digest(str(folder / "mine.toml"))
    assert first == digest(str(folder / "mine.toml"))
    assert len(first) == 32
    sys.modules.pop("own_ridges")
    moved = folder / "elsewhere"
    moved.mkdir()
    for name in ("mine.toml", "patients.csv", "own_ridges.py"):
        (folder / name).rename(moved / name)
    assert digest(str(moved / "mine.toml")) == first
    assert digest("lab") == digest("lab") != first


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("mine.toml", "age>60", "age>61"),
        ("mine.toml", '"absmax3"', '"mul2"'),
        ("mine.toml", '"valid"', '"test"'),
        ("patients.csv", ",m,", ",w,"),
        ("own_ridges.py", "np.abs", "np.sin"),
    ],
)
def test_a_digest_changes_with_anything_that_a_suite_is_made_from(
    folder: Path, name: str, old: str, new: str
) -> None:
    before = digest(str(folder / "mine.toml"))
    file = folder / name
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert digest(str(folder / "mine.toml")) != before


def test_the_weight_of_the_shifted_side_is_a_suites_own(folder: Path) -> None:
    weighty = _suite(folder, f"ood_weight = 1\n{SUITE}")
    assert select(weighty).ood_weight == 1.0
    assert draw(select(weighty), Recipe(seeds=1)).ood_weight == 1.0
    plain = _suite(folder, SUITE)
    assert select(plain).ood_weight == 0.5
    before = digest(plain)
    assert digest(_suite(folder, f"ood_weight = 1\n{SUITE}")) != before


def test_a_comment_changes_no_digest(folder: Path) -> None:
    before = digest(str(folder / "mine.toml"))
    (folder / "mine.toml").write_text("# mine\n" + SUITE, encoding="utf-8")
    assert digest(str(folder / "mine.toml")) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "declares no task; begin one with [[task]]"),
        ("[[task]\n", r"other.toml is no TOML: .*line 1"),
        ('[[task]]\nsplit = "search"\nname = \n', r"is no TOML: .*line 3"),
        ('[task]\nsplit = "search"\n', "declared under [[task]], in double brackets"),
        ("ood_weight = 1.5\n", "ood_weight is 1.5; a share, 0 to 1, is wanted"),
        ("ood_weight = true\n", "ood_weight is True; a share, 0 to 1, is wanted"),
        ("[[tasks]]\n", "there is no key 'tasks'; did you mean 'task'"),
        ('[[task]]\nname = "mul2"\n', "task 1 has no split; write split = one of search, valid"),
        ('[[task]]\nsplit = "serach"\nname = "mul2"\n', "did you mean 'search'"),
        ('[[task]]\nsplit = "search"\n', "task 1 names no task"),
        (
            '[[task]]\nsplit = "search"\nname = "mul3"\n',
            "no built-in task 'mul3'; did you mean 'mul",
        ),
        ('[[task]]\nsplit = "search"\nname = 3\n', "name is 3; a text is wanted"),
        ('[[task]]\nsplit = "search"\nname = ""\n', "name is ''; a text is wanted"),
        ('[[task]]\nsplit = "search"\nname = "mul2"\nshift = "larger"\n', "no key of a built-in"),
        (
            '[[task]]\nsplit = "search"\nkind = "tabel"\n',
            "no kind of task 'tabel'; did you mean 'tab",
        ),
        ('[[task]]\nsplit = "search"\npath = "a.csv"\n', 'write kind = "table" beside it'),
        (TABLE, "a table has a path or a source, and not both"),
        (TABLE + 'path = "a.csv"\nsource = "sklearn:wine"\n', "and not both"),
        (TABLE + 'path = "a.csv"\nshift = "noise:1"\n', "task 1 has no target"),
        (TABLE + 'source = "sklearn:wine"\n', "task 1 has no shift"),
        (TABLE + 'source = "sklearn:wine"\nshfit = "noise:1"\n', "did you mean 'shift'"),
        (
            TABLE + 'source = "sklearn:wine"\nshift = "noise:1"\nclasses = "yes"\n',
            "true or false is",
        ),
        (TABLE + 'source = "sklearn:wine"\nshift = "noise:1"\ndrop = [1]\n', "a list of texts is"),
        (TABLE + 'source = "sklearn:wine"\nshift = "noise:x"\n', "task 1: shift 'noise:x' is not"),
        (
            TABLE + 'path = "a.csv"\ntarget = "y"\nshift = "noise:1"\n',
            r"task 1: there is no file .*a.",
        ),
        (
            '[[task]]\nsplit = "search"\nname = "mul2"\n[[task]]\nsplit = "valid"\nname = "mul2"\n',
            "task 2 is named 'mul2', as task 1 is; give it another name",
        ),
        ('[[task]]\nsplit = "search"\nuse = "own_ridges"\n', "write package.module:OBJECT"),
        ('[[task]]\nsplit = "search"\nuse = "own_ridge:A"\n', "cannot be imported: ModuleNotFound"),
        ('[[task]]\nsplit = "search"\nuse = "own_ridges:A"\n', "module 'own_ridges' has no 'A'"),
        ('[[task]]\nsplit = "search"\nuse = "own_ridges:Ridge"\n', "Ridge is no task but <class"),
        ('[[task]]\nsplit = "search"\nuse = "own_ridges:np"\n', "is no task but <module"),
    ],
)
def test_a_suite_that_will_not_do_is_answered_with_one_line(
    folder: Path, text: str, message: str
) -> None:
    pattern = message.replace("[[", r"\[\[").replace("]]", r"\]\]")
    with pytest.raises(FitnessError, match=pattern) as caught:
        select(_suite(folder, text))
    assert str(caught.value).startswith(str(folder / "other.toml"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("import numpy as np", "import numppy as np", "cannot be imported: ModuleNotFoundError"),
        ('("none", "farther")', '("farther",)', r"shifts is \('farther',\); "),
        ("(size, 2)", "(size, 2, 2, 2)", r"batch\('none', ..\) gives inputs \(8, 2, 2, 2\)"),
        ("keepdims=True", "keepdims=False", r"targets \(8,\); \[points, features\]"),
        ("* self.width", "* np.nan", "gives numbers that are not finite"),
        ("* self.width", "/ self.depth", r"batch\('none', ..\) fails: AttributeError"),
        ("(size, 2)", 'int(size), 2 if shift == "none" else 3', r"fails: TypeError"),
        ("reach, (size, 2)", 'reach, (size, 2 if shift == "none" else 3)', "as many features"),
        ("return Batch", "return ", r"batch\('none', ..\) gives a tuple; a fitness.task.Batch is"),
        ("(size, 2))", "(size, 2)).astype(np.float32)", "gives float32 and float"),
    ],
)
def test_a_task_of_ones_own_is_tried_out_before_anything_is_trained(
    folder: Path, old: str, new: str, message: str
) -> None:
    # A batch whose shapes are not checked when it is made, as they are not outside of tests.
    plain = 'from collections import namedtuple\nBatch = namedtuple("Batch", "inputs targets")'
    own = OWN.replace("from fitness.task import Batch", plain).replace(old, new)
    (folder / "own_ridges.py").write_text(own, encoding="utf-8")
    with pytest.raises(FitnessError, match=message) as caught:
        select(str(folder / "mine.toml"), "valid")
    assert "\n" not in str(caught.value)


def test_another_module_of_the_same_name_is_not_taken_for_ones_own(folder: Path) -> None:
    select(str(folder / "mine.toml"), "valid")
    other = folder / "other"
    other.mkdir()
    for name in ("mine.toml", "own_ridges.py"):
        (other / name).write_text((folder / name).read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(FitnessError, match=r"module 'own_ridges' is .* already, not .*rename"):
        select(str(other / "mine.toml"), "valid")


def test_a_suite_that_is_nowhere_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(FitnessError, match=r"no suite 'lap'; did you mean 'lab'\?; a suite of"):
        select("lap")
    with pytest.raises(FitnessError, match=r"no file .*gone.toml; suites that ship: drawn, lab"):
        select(str(tmp_path / "gone.toml"))
    (tmp_path / "odd.toml").mkdir()
    with pytest.raises(FitnessError, match="is a folder"):
        select(str(tmp_path / "odd.toml"))
    (tmp_path / "junk.toml").write_bytes(bytes(range(256)))
    with pytest.raises(FitnessError, match="is no text in UTF-8"):
        select(str(tmp_path / "junk.toml"))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    table=st.dictionaries(
        st.sampled_from(["split", "name", "kind", "use", "path", "source", "shift", "classes"]),
        st.sampled_from(
            ['"search"', '"mul2"', '"table"', '"sklearn:wine"', '"noise:1"', "true", "3"]
        ),
    )
)
def test_whatever_is_said_of_a_task_it_is_a_task_or_one_line(
    folder: Path, table: dict[str, str]
) -> None:
    text = "[[task]]\n" + "".join(f"{key} = {value}\n" for key, value in table.items())
    try:
        tasks = select(_suite(folder, text)).tasks
    except FitnessError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert len(tasks) == 1


def test_the_readmes_suite_is_one(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[3] / "fitness" / "README.md").read_text(encoding="utf-8")
    (suite,), (own,) = (
        re.findall(rf"```{language}\n(.*?)```", readme, re.DOTALL)
        for language in ("toml", "python")
    )
    (tmp_path / "suite.toml").write_text(suite, encoding="utf-8")
    (tmp_path / "mytasks.py").write_text(own, encoding="utf-8")
    table = patients().replace("age,dose,hospital,sex,y", "age,income,hospital,patient,outcome")
    (tmp_path / "patients.csv").write_text(table, encoding="utf-8")
    search, valid = (select(str(tmp_path / "suite.toml"), split) for split in ("search", "valid"))
    assert [task.name for task in (*search.tasks, *valid.tasks)] == ["absmax3", "patients", "ridge"]
    sys.modules.pop("mytasks")
