from dataclasses import replace

from evolve.config import BudgetTable, Config, DatabaseTable
from evolve.provenance import differences, here


def test_a_session_tells_code_libraries_settings_data_and_machine() -> None:
    session = here(Config(), "suite")
    assert {"torch", "python", "activolve", "code of fitness", "code of sandbox"} <= set(
        session.versions
    )
    assert session.settings["database"]["islands"] == Config().database.islands
    assert session.suite == "suite"
    assert session.machine


def test_the_same_circumstances_have_no_difference() -> None:
    assert differences(here(Config(), "suite"), here(Config(), "suite")) == []


def test_every_difference_that_figures_may_depend_on_is_named() -> None:
    before = here(Config(), "suite")
    now = here(Config(database=DatabaseTable(islands=7), budget=BudgetTable(minutes=1)), "other")
    now = replace(now, machine="another", versions={**now.versions, "torch": "99"})
    torch = before.versions["torch"]
    assert differences(before, now) == [
        f"torch: {torch} -> 99", "database.islands: 3 -> 7", "suite: suite -> other",
    ]  # fmt: skip
