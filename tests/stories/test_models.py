"""A model on a server, from `.env` to the ledger: asked, shown, explained, and its key nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from evolve import runs
from evolve.records import Outcome
from tests.mirror.evolve.models.faulty import Faulty
from tests.stories.conftest import Evolve

KEY = "sk-this-must-be-nowhere"
QUICK = [
    word
    for setting in (
        "fitness.steps=21", "fitness.seeds=1", "fitness.promotion_seeds=0",
        "fitness.rungs=[]", "search.founders=['GELU','ReLU']", "model.memory_every=0",
    )
    for word in ("--set", setting)
]  # fmt: skip


@pytest.fixture
def server() -> Iterator[Faulty]:
    with closing(Faulty(fault_share=0.0)) as server:
        yield server


def test_a_model_is_asked_its_questions_can_be_seen_and_its_key_cannot(
    evolve: Evolve, tmp_path: Path, server: Faulty
) -> None:
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    words = ["--operators", f"llm@good@{server.url}", "--name", "one", "--budget", "evaluations=6"]
    told = evolve("run", *words, *QUICK)
    assert told.returncode == 0, told.stderr
    assert "its price is not known here" in told.stdout
    assert server.accounts.keys == {f"Bearer {KEY}"}
    run = runs.find("one", tmp_path / "runs")
    asked = [record for record in run.records() if record.calls]
    spent = json.loads(evolve("show", "one", "--json").stdout)["budget"]
    assert spent["dollars"][0] == pytest.approx(server.accounts.dollars)
    shown = evolve("prompt", "one", str(asked[0].step)).stdout
    for message in asked[0].calls[0].messages:
        assert message.content in shown
    assert asked[0].calls[0].reply in shown
    found = next(r for r in asked if r.outcome is Outcome.SCORED and r.program)
    assert found.program
    assert evolve("prompt", "one", "0").stdout.startswith("Step 0: founders asked no")
    missing = evolve("prompt", "one", "999")
    assert (missing.returncode, "no step 999" in missing.stderr) == (2, True)

    before = server.accounts.asked.total()
    for _ in range(2):  # the second answer comes from the ledger
        said = evolve("explain", "one", found.program.id, "--model", f"good@{server.url}")
        assert said.returncode == 0, said.stderr
    assert server.accounts.asked.total() == before + 1

    everything = "".join([told.stdout, told.stderr, shown, said.stdout])
    assert KEY not in everything
    files = [path for path in run.path.rglob("*") if path.is_file()]
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_every_model_says_whether_it_answers(evolve: Evolve, server: Faulty) -> None:
    names = [f"good@{server.url}", f"ended-404@{server.url}", "openai/gpt-5", "nobody/nothing"]
    chosen = [word for name in names for word in ("--model", name)]
    told = evolve(
        "models", *chosen, "--json", "--set", f"model.name={names[0]!r}", OPENAI_API_KEY=""
    )
    assert told.returncode == 1, told.stderr
    found = {each["model"]: each for each in json.loads(told.stdout)}
    assert list(found) == names
    assert found[names[0]]["outcome"] != "unanswered"
    assert found[names[0]]["tokens"] > 0
    complaints = {names[1]: "(404)", names[2]: "OPENAI_API_KEY", names[3]: "no model"}
    for name, complaint in complaints.items():
        assert found[name]["outcome"] == "unanswered"
        assert complaint in found[name]["detail"]


def test_a_dry_run_shows_every_question_and_an_estimate_and_makes_no_run(
    evolve: Evolve, tmp_path: Path
) -> None:
    told = evolve("run", "--dry-run", "--operators", "llm,llm-simplify", "--model",
                  "openai/gpt-4o-mini", OPENAI_API_KEY="")  # fmt: skip
    assert told.returncode == 0, told.stderr
    for kind in ("vary", "cross", "invent", "digest", "simplify"):
        assert f"asks openai/gpt-4o-mini to {kind}" in told.stdout
    assert "about 60 questions" in told.stdout
    assert "$0.0" in told.stdout
    assert not (tmp_path / "runs").exists()
