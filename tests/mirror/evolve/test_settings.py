from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve import settings
from evolve.config import BudgetTable, Config, DatabaseTable, SearchTable
from evolve.errors import ConfigError

tables = st.builds(
    Config,
    search=st.builds(SearchTable, seed=st.integers(0, 10**9)),
    database=st.builds(DatabaseTable, islands=st.integers(1, 50)),
    budget=st.builds(
        BudgetTable,
        evaluations=st.none() | st.integers(1, 10**9),
        minutes=st.none() | st.floats(0.01, 1e6),
    ),
)


@given(tables)
def test_what_is_written_reads_back(
    tmp_path_factory: pytest.TempPathFactory, config: Config
) -> None:
    path = tmp_path_factory.mktemp("settings") / "run.toml"
    path.write_text(settings.write(config), encoding="utf-8")
    assert settings.read(path) == config


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[databse]\nislands = 3", ":1: [databse] is not a table of the settings; did you mean"),
        ("[database]\n\nisland = 3", ":3: [database] has no key 'island'; did you mean 'islands'?"),
        ("[database]\nislands = 0", ":2: [database] islands = 0: wanted greater than or equal"),
        ("[database]\nislands = 'many'", ":2: [database] islands = 'many': wanted a valid integer"),
        ("[budget]\nevaluations = 0", ":2: [budget] evaluations = 0: wanted"),
        ("seed = 3\n", ":1: [seed] is not a table of the settings; there are: search"),
        ("database = 3\n", ":1: database is a table: write [database]"),
        ("[search\nseed = 1", ":1: not TOML"),
        ("[search]\nseed = ", ":2: not TOML"),
        ("[search]\noperators = []", ":2: [search] operators = []"),
        ("[evaluators]\nahead = -1", ":2: [evaluators] ahead = -1: wanted 'auto' or greater"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_line_and_key(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "run.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        settings.read(path)
    assert str(error.value).startswith(f"{path}{complaint}")


def test_a_file_that_is_no_text_or_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "binary.toml", tmp_path / "missing.toml", tmp_path):
        with pytest.raises(ConfigError, match=path.name):
            settings.read(path)


def test_overrides_win_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text("[database]\nislands = 2\nbins = 5", encoding="utf-8")
    config = settings.read(path, ["database.islands=7", "model.name=gpt-5"])
    assert (config.database.islands, config.database.bins, config.model.name) == (7, 5, "gpt-5")


@pytest.mark.parametrize("override", ["islands=3", "database.islands", "=3", "database.=3"])
def test_an_override_without_table_key_and_value_is_refused(override: str) -> None:
    with pytest.raises(ConfigError, match=r"want table\.key=value"):
        settings.read(None, [override])


def test_a_named_budget_lifts_the_limits_that_are_not_named() -> None:
    budget = settings.read(None, settings.budget("minutes=5,tokens=100")).budget
    assert (budget.evaluations, budget.minutes, budget.tokens) == (None, 5, 100)
    for wrong in ("", "evaluations", "evaluations=", "evaluations=0", "evaluation=5"):
        with pytest.raises(ConfigError):
            settings.read(None, settings.budget(wrong))


def test_two_settings_differ_where_they_differ() -> None:
    ours, theirs = Config(), settings.read(None, ["database.bins=9"])
    assert list(settings.differences(ours, theirs)) == ["database.bins: 6 -> 9"]
