"""The main job, small: a search on real parts, stopped, resumed, looked at."""

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest

from evolve import runs, settings
from evolve.build import build
from evolve.config import Config
from evolve.errors import RunError
from evolve.models.recorded import RecordedModel
from evolve.records import Record
from evolve.runs import Run
from tests.stories.conftest import SMALL, Begin, Evolve

QUICK = (
    "fitness.steps=21", "fitness.seeds=2", "fitness.promotion_seeds=2",
    "search.founders=['GELU','ReLU','tanh']",
)  # fmt: skip


def options(*more: str) -> list[str]:
    return [word for setting in (*QUICK, SMALL, *more) for word in ("--set", setting)]


def search(run: Run, config: Config, model: RecordedModel | None = None) -> list[Record]:
    with build(run, config, model) as loop:
        loop.run()
    return [replace(each, seconds=0, clock=0, evaluation=each.evaluation and replace(
        each.evaluation, seconds=0)) for each in run.records()]  # fmt: skip


@pytest.mark.model
def test_a_run_halted_by_its_budget_and_resumed_with_recorded_replies_has_the_same_ledger(
    tmp_path: Path,
) -> None:
    def config(evaluations: int) -> Config:
        said = ["search.operators=['llm','gp']", "evaluators.ahead=0", *QUICK]
        return settings.read(None, [*settings.budget(f"evaluations={evaluations}"), *said])

    straight = search(runs.create(tmp_path, "straight", config(14)), config(14))
    calls = [call for record in straight for call in record.calls]
    assert calls
    halted = runs.create(tmp_path, "halted", config(6))
    for evaluations in (6, 14):
        model = RecordedModel("local:smollm2-135m", calls, grammars=True)
        resumed = search(halted, config(evaluations), model)
    timeless = [replace(each, calls=()) for each in straight]
    assert [replace(each, calls=()) for each in resumed] == timeless
    assert [c.reply for r in resumed for c in r.calls] == [call.reply for call in calls]


def test_a_search_tells_what_it_found_and_what_to_type_next(evolve: Evolve, tmp_path: Path) -> None:
    words = ["--operators", "gp,ramachandran,random", "--budget", "evaluations=8", "--name", "one"]
    told = evolve("run", *words, *options("fitness.suite=lab"))
    assert told.returncode == 0, told.stderr
    assert "Finished: evaluations=8" in told.stdout
    assert "evolve resume runs/one" in told.stdout
    listed = json.loads(evolve("list", "--json").stdout)
    assert [(each["path"], each["status"]) for each in listed] == [("runs/one", "finished")]
    shown = json.loads(evolve("show", "one", "--json").stdout)
    assert shown["best"]["id"] == listed[0]["best"]["id"]
    assert set(shown["operators"]["founders"]) >= {
        "proposed", "admitted", "duplicate", "scored", "improved",
    }  # fmt: skip
    assert sum(shown["outcomes"].values()) == len(
        [r for r in runs.find("one", tmp_path / "runs").records() if not r.round]
    )
    assert shown["budget"]["evaluations"] == [8, 8]
    best = shown["best"]["id"]
    lineage = json.loads(evolve("lineage", "one", best[:6], "--json").stdout)
    assert lineage[0]["program"]["id"] == best
    assert all(name in evolve("show", "one", best).stdout for name in ("absmax3/none", "GELU"))
    again = evolve("resume", "one", "--budget", "evaluations=9", "--json")
    first, *_, last = map(json.loads, again.stdout.splitlines())
    assert (first["event"], first["used"]["evaluations"]) == ("started", [8, 9])
    assert (last["event"], last["budget"]["evaluations"]) == ("finished", [9, 9])


def test_a_run_that_is_killed_loses_nothing_and_goes_on(
    begin: Begin, evolve: Evolve, tmp_path: Path
) -> None:
    search = begin("run", "--operators", "gp", "--name", "cut", *options())
    wait_for_records(tmp_path / "runs", 3)
    search.kill()
    cut = runs.find("cut", tmp_path / "runs")
    before = cut.records()
    assert cut.status == "stopped"
    told = evolve("resume", "cut", "--budget", f"evaluations={len(before) + 3}")
    assert told.returncode == 0, told.stderr
    after = cut.records()
    assert after[: len(before)] == before
    assert sorted(record.step for record in after) == list(range(len(after)))


def wait_for_records(folder: Path, count: int) -> None:
    while True:
        for run in runs.everything(folder):
            with suppress(RunError):  # its ledger is being made at this moment
                if len(run.records()) >= count:
                    return
        sleep(0.1)
