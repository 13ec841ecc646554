"""The page's answers, asked without a browser."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("dash", reason="the extra `view` is not installed")

from evolve import runs
from evolve.errors import RunError
from evolve.runs import Run
from evolve.view.app import PAINTERS, application
from evolve.view.kin import elements, kin
from evolve.view.panel import panel
from evolve.view.server import guard
from evolve.view.survey import Survey
from tests.mirror.evolve.hostile import family, name_of
from tests.mirror.evolve.lived import config

DANGEROUS = ("\\u001b", "\u202e", "\u2066", "\u200b", "\x9b")  # as JSON has them


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = runs.create(tmp_path, "one", config(9))
    with closing(made.ledger()) as ledger:
        ledger.extend(family(40))
    return made


def told(part: object) -> str:
    return json.dumps(part, ensure_ascii=False, default=lambda each: each.to_plotly_json())


def test_every_view_is_painted_and_hostile_words_are_text(run: Run) -> None:
    survey = Survey(run)
    assert survey.refresh() == 40
    for paint in PAINTERS.values():
        shown = told(paint({"one": survey}, survey, None, ""))
        assert not any(each in shown for each in DANGEROUS)
    shown = told(panel(run, name_of(31)))
    assert not any(each in shown for each in DANGEROUS)
    assert "<script>" in shown  # as text: Dash's elements hold no markup
    assert len(shown) < 60_000


def test_a_survey_reads_only_what_is_new(run: Run) -> None:
    survey = Survey(run)
    survey.refresh()
    first = survey.glimpses[0]
    with closing(run.ledger()) as ledger:
        ledger.extend(family(45, hostile=False)[40:])
    assert survey.refresh() == 45
    assert survey.glimpses[0] is first
    assert [each.step for each in survey.ranked("gp", "", 3)] == [43, 41, 39]
    assert survey.progress()[1][-1] == pytest.approx(0.1 - 1 / 46)


def test_a_damaged_ledger_leaves_what_was_read(run: Run) -> None:
    survey = Survey(run)
    survey.refresh()
    with closing(sqlite3.connect(run.path / "ledger.sqlite")) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(RunError, match="a ledger of version 99"):
        survey.refresh()
    assert len(survey.glimpses) == 40


@pytest.mark.parametrize("by", ["operator", "island", "family", "fitness"])
def test_the_kin_of_a_program_is_bounded_and_every_edge_has_its_ends(run: Run, by: str) -> None:
    found = elements(kin(run, name_of(3)), by, {"task7": "periodic"})
    ids = {each["data"]["id"] for each in found if "source" not in each["data"]}
    edges = [each["data"] for each in found if "source" in each["data"]]
    assert {name_of(0), name_of(1), name_of(3), name_of(6), name_of(15)} <= ids
    assert all({edge["source"], edge["target"]} <= ids for edge in edges)
    labels = [each["data"]["label"] for each in found if "source" not in each["data"]]
    told = {label.split(" ", 1)[1] for label in labels}
    kinds = {"island": {"island 0", "island 1", "island 2"}, "family": {"periodic"}}
    assert told == kinds.get(by, {"gp", "llm"})


def test_the_page_answers_this_machines_own_browser_alone(run: Run) -> None:
    server = application([run]).server
    guard(server, {"127.0.0.1:1"})
    with server.test_client() as client:
        assert client.get("/", headers={"Host": "127.0.0.1:1"}).status_code == 200
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
        strange = {"Host": "127.0.0.1:1", "Origin": "https://127.0.0.1:1"}
        assert client.get("/_dash-layout", headers=strange).status_code == 403
        page = client.get("/", headers={"Host": "127.0.0.1:1"}).get_data(as_text=True)
    assert "//" not in page.replace("</", "").split("<script")[1].split(">")[0]
