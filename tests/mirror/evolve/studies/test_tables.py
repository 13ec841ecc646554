"""A table that a study takes is looked at before anything is learned from it."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from evolve.errors import ConfigError
from evolve.studies.tables import Wanted, located

WANTED = Wanted("two features", "class", 2, "", ("yes",), rows=20)
ROWS = [f"{k},{k % 2},{'no' if k % 3 else 'yes'}" for k in range(20)]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return written(tmp_path / "table.csv", ROWS)


def written(path: Path, rows: list[str], names: str = "a,b,class") -> Path:
    path.write_text("\n".join([names, *rows]) + "\n")
    return path


def test_a_table_of_the_wrong_form_is_refused_with_what_is_wanted(table: Path) -> None:
    with pytest.raises(ConfigError, match=r"'class' has no class 'si'.*wanted is two features"):
        replace(WANTED, positive=("si",)).read(str(table), 0)
    with pytest.raises(ConfigError, match=r"no column .* 'kind'; .*wanted is two features"):
        replace(WANTED, target="kind").read(str(table), 0)
    with pytest.raises(ConfigError, match="has 2 columns beside 'class', and 3 are wanted"):
        replace(WANTED, inputs=3).read(str(table), 0)
    with pytest.raises(ConfigError, match="wanted is two features, 20 rows, 2 columns of numbers"):
        WANTED.read(str(table.with_name("none.csv")), 0)


def test_contents_are_recognised_whatever_names_and_order_they_come_in(table: Path) -> None:
    contents = WANTED.recognised(str(table)).split()[-5].rstrip(":")
    wanted = replace(WANTED, known={contents: "all of them"})
    turned = written(table.with_name("turned.csv"), ROWS[::-1], "u,v,class")
    assert wanted.recognised(str(turned)).endswith(
        f"20 of 20 rows, contents {contents}: all of them"
    )
    part = written(table.with_name("part.csv"), ROWS[:15])
    assert wanted.recognised(str(part)).endswith("not known to us")
    changed = written(table.with_name("changed.csv"), ["7,7,no", *ROWS[1:]])
    with pytest.raises(ConfigError, match=f"wanted is two features.*{contents} all of them"):
        wanted.recognised(str(changed))
    with pytest.raises(ConfigError, match="has 20 rows, and their contents are"):
        replace(wanted, rows=19, known={}).recognised(str(table))


def test_a_file_is_held_to_the_checksum_that_is_given_with_it(table: Path) -> None:
    whole = sha256(table.read_bytes()).hexdigest()
    for digits in (whole, whole[:12]):
        assert located(f"{table}#sha256={digits}") == str(table)
    assert located(str(table)) == str(table)
    with pytest.raises(ConfigError, match=f"has the SHA-256 {whole}, and 0{{12}} is wanted"):
        located(f"{table}#sha256={'0' * 12}")
    with pytest.raises(ConfigError, match=r"none\.csv cannot be read: No such file"):
        located(f"none.csv#sha256={whole}")
    with pytest.raises(ConfigError, match="want 12 to 64 digits 0-9a-f"):
        located(f"{table}#sha256=abc")
