"""A comparison from its runs' records: who won, at what cost, and how sure that is."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evolve import runs, settings
from evolve.comparison import Plan, begin
from evolve.config import Config
from evolve.errors import ConfigError, RunError
from evolve.portfolio import FOUNDERS
from evolve.records import Call, Evaluation, Outcome, Record
from evolve.report.comparison import Comparison, by_dollars, by_evaluations, by_seconds, sentence
from evolve.report.page import page
from evolve.report.plot import curves, figure
from evolve.report.sheets import COLUMNS, sheets, spreadsheet
from evolve.report.tracks import WORST, Track, track
from evolve.testing import individual

CONFIG = settings.read(None, ["search.operators=['gp']", "database.islands=1"])


def trial(step: int, fitness: float | None, operator: str = "gp", dollars: float = 0.0) -> Record:
    """A trial that took ten seconds, and failed where it has no fitness."""
    one = individual(f"p{step}", fitness=fitness or 0.0)
    calls = (Call("m", (), 0, "reply", dollars=dollars),) if dollars else ()
    record = Record(
        step, operator, 0, Outcome.CRASHED, program=one.program,
        admission=replace(one.admission, flops=10.0 * (step % 9)), calls=calls, clock=10.0 * step,
    )  # fmt: skip
    if fitness is None:
        return record
    return replace(record, outcome=Outcome.SCORED, evaluation=one.evaluation)


def tale(arm: str, fitness: list[float | None], repeat: int = 1, dollars: float = 0.0) -> Track:
    records = [trial(0, 0.5, FOUNDERS)]  # a founder that nobody beats
    records += [trial(n, each, arm, dollars) for n, each in enumerate(fitness, start=1)]
    valid = individual(fitness=max(each for each in fitness if each is not None)).evaluation
    return track(arm, repeat, f"runs/{arm}-{repeat}", records, CONFIG, valid)


@pytest.fixture
def comparison() -> Comparison:
    good = [tale("gp", [0.0, 0.1 + 0.01 * n, 0.2 + 0.01 * n, None], n) for n in (1, 2, 3, 4)]
    dear = [tale("llm", [-0.3, 0.01 * n, 0.05], n, dollars=0.5) for n in (1, 2, 3, 4)]
    return Comparison("ours", {"llm": dear, "gp": good}, {"magic": "no magic <here>"})


def test_a_track_counts_an_arms_own_trials_and_not_the_founders() -> None:
    found = tale("gp", [-0.2, None, 0.1, 0.0])
    assert found.evaluations == 4
    assert found.best.tolist() == [-0.2, -0.2, 0.1, 0.1]
    assert found.favourite is not None
    assert found.favourite.evaluation.fitness == 0.1
    assert (found.tally.proposed, found.tally.scored, found.tally.trained) == (4, 3, 4)


def test_the_best_is_read_at_equal_evaluations_seconds_and_dollars() -> None:
    found = tale("llm", [-0.2, 0.0, 0.1], dollars=0.5)
    assert [found.at_evaluations(n) for n in (0, 1, 2, 3)] == [WORST, -0.2, 0.0, 0.1]
    assert [found.at_seconds(s) for s in (5, 10, 29, 30)] == [WORST, -0.2, 0.0, 0.1]
    assert [found.at_dollars(d) for d in (0.4, 0.5, 1.4, 1.5)] == [WORST, -0.2, 0.0, 0.1]
    free = tale("gp", [-0.2, 0.3])
    assert free.at_dollars(0.0) == 0.3  # what costs nothing stands where it ends


def test_an_arm_without_a_find_has_the_worst_there_is() -> None:
    barren = track("gp", 1, "runs/gp-1", [trial(0, 0.5, FOUNDERS)], CONFIG, None)
    assert (barren.evaluations, barren.favourite, barren.fitness) == (0, None, WORST)


def test_the_best_arm_is_named_with_its_lead_and_whether_that_could_be_chance(
    comparison: Comparison,
) -> None:
    assert list(comparison.favourites) == ["gp", "llm"]
    told = sentence(comparison)
    assert "gp, +0.175 [" in told
    assert "above the next arm, llm, won; the interval excludes zero" in told
    (duel,) = comparison.duels
    assert duel.contrast.difference.value == pytest.approx(0.225 - 0.05)
    assert duel.contrast.superiority.value == 1.0
    assert duel.p == pytest.approx(2 / 70, abs=0.01)  # all of 4 above all of 4
    alike = Comparison("two", {"a": comparison.tracks["gp"], "b": comparison.tracks["gp"]}, {})
    assert "nobody won: the interval does not exclude zero" in sentence(alike)
    assert "one repeat tells nothing" in sentence(
        Comparison("one", {a: c[:1] for a, c in comparison.tracks.items()}, {})
    )
    assert "fewer than two" in sentence(Comparison("none", {}, {"gp": "why"}))


def test_curves_rise_within_their_bands_over_evaluations_seconds_and_dollars(
    comparison: Comparison,
) -> None:
    assert (comparison.evaluations, comparison.seconds, comparison.dollars) == (3, 30.0, 1.5)
    for drawn in (by_evaluations, by_seconds, by_dollars):
        for arm in comparison.tracks:
            found = drawn(comparison, arm)
            assert (np.diff(found.mean) >= 0).all()
            assert (found.low <= found.mean + 1e-12).all()
            assert (found.mean <= found.high + 1e-12).all()


def test_a_row_a_run_in_the_spreadsheet_and_every_arm_in_every_table(
    comparison: Comparison,
) -> None:
    rows = list(csv.DictReader(io.StringIO(spreadsheet(comparison))))
    assert len(rows) == 8
    assert tuple(rows[0]) == COLUMNS
    assert rows[-1]["arm"] == "gp"
    assert float(rows[-1]["favourite_on_valid"]) == pytest.approx(0.24)
    assert [sheet.title for sheet in sheets(comparison)] == [
        "Favourites on valid tasks", "Arm against arm", "The searches at equal cost", "Proposals",
        "What it cost",
    ]  # fmt: skip
    *_, counts, prices = ({row[0]: row for row in sheet.rows} for sheet in sheets(comparison))
    assert counts["gp"][1:5] == ("16", "0", "0", "12")
    assert prices["gp"][-1] == "0.0000 (0)"
    assert prices["llm"][1].startswith("12 (")
    assert prices["llm"][-1].startswith("6.0000 (")


def test_the_page_stands_alone_and_escapes_what_it_quotes(comparison: Comparison) -> None:
    text = page(comparison, "evolve compare --name ours")
    assert "no magic &lt;here&gt;" in text
    assert "won; the interval excludes zero" in text
    assert text.count("<svg") == 1
    assert not re.search(r"(src|href)=\"http", text.split("</svg>")[1])
    assert page(comparison, "") == page(comparison, "")
    drawn = figure(comparison)
    assert drawn is not None
    assert all(name in drawn for name in ("evaluations", "seconds", "dollars"))
    assert "gp" in curves(comparison).plain


def test_one_evaluation_each_is_too_little_to_draw() -> None:
    short = Comparison("s", {"a": [tale("a", [0.1])], "b": [tale("b", [0.2])]}, {})
    assert figure(short) is None
    assert curves(short).plain == ""


def test_every_arm_has_the_same_founders_data_and_seeds_and_its_own_operator(
    tmp_path: Path,
) -> None:
    plan = Plan(tmp_path / "c", ("gp", "llm@openai/gpt-5", "random", "portfolio"), 2, Config())
    trips = list(plan)
    assert [trip.run.path.name for trip in trips[:4]] == [
        "gp-1", "llm_openai_gpt-5-1", "random-1", "portfolio-1",
    ]  # fmt: skip
    assert {trip.config.fitness for trip in trips} == {Config().fitness}
    assert {trip.config.search.founders for trip in trips} == {()}
    assert [trip.config.search.seed for trip in trips] == [0] * 4 + [1] * 4
    assert trips[0].config.search.operators == ("gp",)
    assert trips[0].config.search.control_share == 0
    assert trips[3].config.search.operators == ("gp", "llm@openai/gpt-5")
    assert trips[3].config.search.control_share == Config().search.control_share


def test_a_comparison_goes_on_with_a_larger_budget_and_with_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    begin(folder, ("gp", "random"), 2, Config())
    larger = settings.read(None, ["budget.evaluations=500"])
    assert begin(folder, ("gp", "random"), 5, larger).repeats == 5
    with pytest.raises(RunError, match=r"was begun with the operators gp,random, not gp,pangaea"):
        begin(folder, ("gp", "pangaea"), 2, Config())
    with pytest.raises(RunError, match=r"other settings \(fitness\.steps: 400 -> 50\)"):
        begin(folder, ("gp", "random"), 2, settings.read(None, ["fitness.steps=50"]))
    (tmp_path / "other").mkdir()
    with pytest.raises(RunError, match="holds no comparison"):
        begin(tmp_path / "other", ("gp", "random"), 2, Config())


@pytest.mark.parametrize(
    ("arms", "complaint"),
    [
        (("gp",), "want two or more"),
        (("portfolio", "portfolio"), "each once"),
        (("gp", "pangea"), "did you mean 'pangaea'"),
    ],
)
def test_arms_that_are_none_are_refused_before_anything_is_written(
    tmp_path: Path, arms: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        begin(tmp_path / "c", arms, 2, Config())
    assert not runs.everything(tmp_path)
    assert not (tmp_path / "c").exists()


def test_what_was_stopped_on_a_cheap_rung_is_never_the_best() -> None:
    lucky = trial(1, 0.9)
    assert lucky.evaluation is not None
    stopped = replace(lucky, evaluation=replace(lucky.evaluation, rungs=(0.9,), complete=False))
    found = track("gp", 1, "runs/gp-1", [stopped, trial(2, 0.1)], CONFIG, None)
    assert found.best.tolist() == [WORST, 0.1]
    assert found.favourite == trial(2, 0.1).individual


def test_a_failed_favourite_counts_as_the_worst() -> None:
    valid: Evaluation | None = None
    found = track("gp", 1, "runs/gp-1", [trial(1, 0.3)], CONFIG, valid)
    assert (found.best.tolist(), found.fitness) == ([0.3], WORST)
