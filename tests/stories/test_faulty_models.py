"""A run whose models fail in every way that there is: nothing is lost, nothing goes uncounted."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from weakref import finalize

import pytest

from evolve import runs, settings
from evolve.config import Config
from evolve.errors import Paused
from evolve.evaluators.admission import Admissions
from evolve.evaluators.references import founders
from evolve.loop import Loop
from evolve.models.openai import OpenAIModel, Served
from evolve.models.recorded import RecordedModel
from evolve.models.remembering import Remembering
from evolve.models.retry import Retry
from evolve.models.sampling import Sampling
from evolve.operators.founders import Founders
from evolve.protocols import Model
from evolve.provenance import here
from evolve.records import Call, Outcome, Record, Verdict
from evolve.replay import Replay
from evolve.roster import Roster
from evolve.runs import Run
from evolve.samplers import Admit, Samplers
from evolve.state import State
from evolve.testing import InstantEvaluator, NoWorkshop
from tests.mirror.evolve.models.faulty import REPLIES, Faulty

KEY = "sk-this-must-be-nowhere"
SAMPLERS = 8
FOUNDERS = founders(("GELU", "ReLU", "Tanh"))


@dataclass
class World:
    """A server, the sandbox, and a key."""

    server: Faulty
    admit: Admit

    def connect(self, name: str) -> Model:
        sampling = Sampling(0.8, 200, timeout_seconds=1.0)
        retry = Retry(attempts=4, sleep=lambda seconds: time.sleep(seconds / 100))
        served = Served(name, self.server.url, KEY)
        return OpenAIModel(served, sampling, retry=retry)

    def samplers(self, config: Config, models: dict[str, Model]) -> Samplers:
        operators = Roster(config, models.__getitem__, self.admit, NoWorkshop()).engage()
        known = {"founders": Founders(FOUNDERS), **operators}
        return Samplers(known, self.admit, config.search.seed, SAMPLERS)

    def loop(self, run: Run, names: list[str]) -> Loop:
        config = run.config
        loop = Loop(
            State.of(config), self.samplers(config, {name: self.connect(name) for name in names}),
            InstantEvaluator(SAMPLERS), run.ledger(), config.search.seed, len(FOUNDERS), ahead=0,
            promotes=True,
        )  # fmt: skip
        finalize(loop, loop.ledger.close)
        loop.ledger.annals.begin(here(config, "suite"))
        loop.resume()
        return loop


@pytest.fixture(scope="module")
def admit() -> Iterator[Admit]:
    with closing(Admissions(Config().sandbox)) as admissions:
        yield lru_cache(2000)(admissions.admit)


def config(names: list[str], *more: str) -> Config:
    operators = [f"llm@{name}" for name in names]
    said = [f"search.operators={operators}", "search.control_share=0.05", "model.memory_every=13"]
    return settings.read(None, [*said, "model.style=full", *more])


def resident() -> int:
    if not Path("/proc/self/statm").exists():
        return 0
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@dataclass
class Storm:
    """A run through every fault at once, and what was seen of it."""

    world: World
    run: Run
    loop: Loop
    ended: str
    memory: list[int]

    @property
    def records(self) -> list[Record]:
        return [record for record in self.run.records() if not record.round]

    @property
    def calls(self) -> list[Call]:
        return [call for record in self.records for call in record.calls]


NAMES = ["good", "other", "ended-401", "ended-404", "broken"]


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory, admit: Admit) -> Storm:
    server = Faulty(fault_share=0.3)
    world = World(server, admit)
    folder = tmp_path_factory.mktemp("storm")
    run = runs.create(folder, "run", config(NAMES, "budget.evaluations=180"))
    memory: list[int] = []

    def watch(_record: Record, _verdict: Verdict) -> None:
        memory.append(resident())

    with closing(server):
        loop = world.loop(run, NAMES)
        loop.watch = watch
        ended = loop.run()
    loop.ledger.close()
    return Storm(world, run, loop, ended, memory)


def test_a_run_through_every_fault_ends_with_exactly_its_budget(storm: Storm) -> None:
    assert storm.ended == "evaluations=180"
    assert storm.loop.state.budget.evaluations == 180
    assert len(storm.records) >= 300
    steps = sorted(record.step for record in storm.run.records())
    assert steps == list(range(len(steps)))


def test_no_call_goes_uncounted_and_no_cent(storm: Storm) -> None:
    accounts, budget = storm.world.server.accounts, storm.loop.state.budget
    sent: Counter[str] = Counter()
    for call in storm.calls:
        sent[call.model] += call.attempts
    assert sent == accounts.asked
    # On a busy machine an answer may come too late: charged for, and asked for again.
    answered = Counter(each.model for each in storm.calls if not each.failure)
    assert (accounts.charged - answered).total() <= 3
    assert not answered - accounts.charged
    assert budget.dollars == pytest.approx(accounts.dollars, abs=0.01)
    # Those that are at an end were asked by no more than were asking already.
    assert all(1 <= sent[name] <= SAMPLERS for name in ("ended-401", "ended-404"))
    assert sent["broken"] < len(storm.records) / 2


def test_every_fault_is_told_in_one_line(storm: Storm) -> None:
    told = {r.detail for r in storm.records if r.outcome is Outcome.UNANSWERED}
    for expected in ("refuses the key (401)", "no such model", "given up after 4 attempts"):
        assert any(expected in detail for detail in told)
    assert all("\n" not in detail for detail in told)


def test_every_kind_of_reply_is_understood_or_recorded_with_its_reason(storm: Storm) -> None:
    assert set(storm.world.server.accounts.replies) == set(REPLIES)
    reasons = {r.detail for r in storm.records if r.outcome is Outcome.NO_PROPOSAL}
    for expected in ("cannot help", "empty", "difference", "javascript", "middle of its code"):
        assert any(expected in reason for reason in reasons), expected
    notes = {record.note for record in storm.records}
    assert any("repaired" in note for note in notes)
    assert "digest:\n- Bent curves won, x lost." in notes
    assert any("- Bent curves won, x lost." in call.messages[-1].content for call in storm.calls)


def test_the_key_is_in_no_file(storm: Storm) -> None:
    assert storm.world.server.accounts.keys == {f"Bearer {KEY}"}
    files = [path for path in storm.run.path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_memory_stays_flat(storm: Storm) -> None:
    assert storm.memory[-1] - storm.memory[100] < 24 << 20


def test_the_same_proposals_arrive_where_the_record_answers(storm: Storm) -> None:
    run = storm.run
    with closing(run.ledger()) as ledger, closing(run.ledger()) as replies:
        silent = {name: Remembering(RecordedModel(name, ()), replies.call) for name in NAMES}
        samplers = storm.world.samplers(run.config, dict(silent))
        state = State.of(run.config)
        again = Replay(ledger, state, samplers, InstantEvaluator(), 0, len(FOUNDERS))
        assert [each for _, found in again for each in found] == []


def test_a_run_without_any_model_left_pauses_and_is_gone_on_with(
    tmp_path: Path, admit: Admit
) -> None:
    run = runs.create(
        tmp_path, "run", config(["ended-401"], "budget.evaluations=30", "search.control_share=0.0")
    )
    with closing(Faulty(fault_share=0.0)) as server:
        world = World(server, admit)
        for session in (1, 2):
            before = len(run.records())
            loop = world.loop(run, ["ended-401"])
            with pytest.raises(Paused, match="refuses the key"), closing(loop.ledger):
                loop.run()
            asked = [r for r in run.records()[before:] if r.outcome is Outcome.UNANSWERED]
            assert 1 <= len(asked) <= SAMPLERS, session
        assert loop.state.budget.evaluations == len(FOUNDERS)
        # The key is put right: the same run goes on, and its model no longer sits out.
        loop = world.loop(run, ["ended-401"])
        loop.samplers = world.samplers(run.config, {"ended-401": world.connect("good")})
        with closing(loop.ledger):
            assert loop.run() == "evaluations=30"
    assert sorted(record.step for record in run.records()) == list(range(len(run.records())))


@pytest.mark.parametrize("limit", ["dollars=0.02", "tokens=60000", "calls=40"])
def test_a_limit_is_kept_but_for_one_call_in_flight_a_sampler(
    tmp_path: Path, admit: Admit, limit: str
) -> None:
    name, _, amount = limit.partition("=")
    said = [*settings.budget(limit), "model.repairs=0"]
    run = runs.create(tmp_path, "run", config(["good"], *said))
    with closing(Faulty(fault_share=0.1)) as server:
        loop = World(server, admit).loop(run, ["good"])
        with closing(loop.ledger):
            assert loop.run() == limit
        budget, accounts = loop.state.budget, server.accounts
    used = {"dollars": accounts.dollars, "tokens": accounts.tokens, "calls": budget.calls}[name]
    tokens, dollars = budget.dearest
    room = {"dollars": dollars, "tokens": tokens, "calls": 0}[name]
    assert float(amount) - SAMPLERS * room <= used <= float(amount) + SAMPLERS * room
    if name == "calls":
        assert used == 40


def test_answers_in_flight_end_a_silence_that_came_before_them(
    tmp_path: Path, admit: Admit
) -> None:
    run = runs.create(tmp_path, "run", config(["good"], "budget.calls=60", "model.repairs=0"))
    with closing(Faulty(fault_share=0.55)) as server:
        loop = World(server, admit).loop(run, ["good"])
        silent: list[bool] = []
        loop.watch = lambda _record, _verdict: silent.append(loop.state.portfolio.silent)
        with closing(loop.ledger):
            try:
                ended = loop.run()
            except Paused:
                ended = ""
    assert ended or silent[-1]
