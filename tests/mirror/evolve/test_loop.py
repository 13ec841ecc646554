from concurrent.futures import Future
from pathlib import Path

import pytest

from evolve import runs, settings
from evolve.config import Config
from evolve.errors import EvolveError
from evolve.portfolio import FOUNDERS
from evolve.records import Admission, Evaluation, Failure, Outcome, Record, Verdict
from evolve.testing import InstantEvaluator
from tests.mirror.evolve.loops import make_loop, timeless


def config(evaluations: int, *more: str) -> Config:
    said = ["search.operators=['gp','random']", "evaluators.ahead=0", *more]
    return settings.read(None, [*settings.budget(f"evaluations={evaluations}"), *said])


def test_a_run_stopped_by_its_budget_and_resumed_ends_as_one_that_never_stopped(
    tmp_path: Path,
) -> None:
    straight = make_loop(runs.create(tmp_path, "straight", config(40)), config(40))
    assert straight.run() == "evaluations=40"
    halted = runs.create(tmp_path, "halted", config(15))
    first = make_loop(halted, config(15))
    assert first.run() == "evaluations=15"
    first.ledger.close()
    second = make_loop(halted, config(40))
    second.run()
    assert timeless(list(second.ledger)) == timeless(list(straight.ledger))
    assert second.state.database.ranked() == straight.state.database.ranked()


@pytest.mark.parametrize("after", [1, 5, 17])
def test_a_run_cut_off_anywhere_goes_on_as_if_it_had_not_been(tmp_path: Path, after: int) -> None:
    straight = make_loop(runs.create(tmp_path, "straight", config(25)), config(25))
    straight.run()
    cut = runs.create(tmp_path, "cut", config(25))
    loop = make_loop(cut, config(25))

    def interrupt(record: Record, _: Verdict) -> None:
        if record.step == after:
            raise KeyboardInterrupt

    loop.watch = interrupt
    with pytest.raises(KeyboardInterrupt):
        loop.run()
    loop.ledger.close()
    resumed = make_loop(cut, config(25))
    resumed.run()
    assert timeless(list(resumed.ledger)) == timeless(list(straight.ledger))


def begun_by(evaluator: InstantEvaluator, records: list[Record]) -> list[str]:
    """Whose measurement began, as often as it did: in full for founders, else on a rung."""
    founders = {r.admission.fingerprint for r in records if r.operator == FOUNDERS and r.admission}
    searched = [(each, rung) for each, number, rung in evaluator.trained if not number]
    return [each for each, rung in searched if rung == 0 or each in founders]


def test_duplicates_are_recorded_with_their_original_and_never_trained(tmp_path: Path) -> None:
    evaluator = InstantEvaluator()
    loop = make_loop(runs.create(tmp_path, "run", config(30)), config(30), evaluator)
    loop.run()
    records = list(loop.ledger)
    duplicates = [record for record in records if record.outcome is Outcome.DUPLICATE]
    scored = {r.program.id for r in records if r.program and r.outcome is Outcome.SCORED}
    assert duplicates
    assert {record.original for record in duplicates} <= scored
    begun = begun_by(evaluator, records)
    assert len(begun) == len(set(begun)) == 30
    assert len(evaluator.trained) == len(set(evaluator.trained))


def test_every_step_is_in_the_ledger_once_also_with_many_workers(tmp_path: Path) -> None:
    parallel = config(50, "evaluators.ahead=3", "evaluators.workers=4")
    loop = make_loop(runs.create(tmp_path, "run", parallel), parallel, InstantEvaluator(4))
    loop.run()
    steps = sorted(record.step for record in loop.ledger)
    assert steps == list(range(len(steps)))
    assert loop.state.budget.evaluations == 50


def test_no_two_of_one_fingerprint_are_in_flight_together(tmp_path: Path) -> None:
    parallel = config(40, "evaluators.ahead=5", "evaluators.workers=8")
    evaluator = InstantEvaluator(8)
    loop = make_loop(runs.create(tmp_path, "run", parallel), parallel, evaluator)
    loop.run()
    begun = begun_by(evaluator, list(loop.ledger))
    admitted = {r.admission.fingerprint for r in loop.ledger if r.admission and not r.round}
    assert len(begun) == len(admitted)
    assert len(evaluator.trained) == len(set(evaluator.trained))


def test_a_candidate_that_fails_costs_an_evaluation_and_nothing_else(tmp_path: Path) -> None:
    failing = frozenset(f"def activation(x):\n    return x * {n}\n" for n in range(0, 60, 2))
    loop = make_loop(
        runs.create(tmp_path, "run", config(25)), config(25), InstantEvaluator(fail=failing)
    )
    loop.run()
    outcomes = loop.state.outcomes
    assert outcomes["crashed"] > 0
    assert outcomes["crashed"] + outcomes["scored"] == 25


def test_who_falls_behind_on_a_cheap_rung_is_stopped_there_and_kept(tmp_path: Path) -> None:
    evaluator = InstantEvaluator()
    loop = make_loop(runs.create(tmp_path, "run", config(40)), config(40), evaluator)
    loop.run()
    trials = [r for r in loop.ledger if r.evaluation and r.admission and not r.round]
    stopped = [r for r in trials if r.evaluation and not r.evaluation.complete]
    in_full = {fingerprint for fingerprint, number, rung in evaluator.trained if rung is None}
    assert 40 > len(stopped) > 15
    for record in stopped:
        assert record.admission
        assert record.evaluation
        assert record.admission.fingerprint not in in_full
        assert record.evaluation.rungs == (record.evaluation.fitness,)
        assert record.evaluation.seeds == 2
    assert not {r.program for r in stopped} & {e.program for e in loop.state.database.ranked()}
    kept = {elite.program for island in loop.state.database.islands for elite in island}
    assert kept & {r.program for r in stopped}


def test_founders_are_measured_in_full_and_on_no_rung(tmp_path: Path) -> None:
    evaluator = InstantEvaluator()
    loop = make_loop(runs.create(tmp_path, "run", config(10)), config(10), evaluator)
    loop.run()
    founders = [r for r in loop.ledger if r.operator == FOUNDERS and r.evaluation and r.admission]
    assert founders
    for each in founders:
        assert each.evaluation
        assert each.evaluation.complete
        assert not each.evaluation.rungs
        assert each.admission
        assert (each.admission.fingerprint, 0, 0) not in evaluator.trained


def test_a_run_without_rungs_measures_everything_in_full(tmp_path: Path) -> None:
    plain = config(20, "fitness.rungs=[]")
    evaluator = InstantEvaluator()
    loop = make_loop(runs.create(tmp_path, "run", plain), plain, evaluator)
    loop.run()
    assert {rung for _, _, rung in evaluator.trained} == {None}
    assert all(r.evaluation.complete for r in loop.ledger if r.evaluation)


def test_every_best_is_measured_again_on_fresh_seeds_once(tmp_path: Path) -> None:
    loop = make_loop(runs.create(tmp_path, "run", config(40)), config(40))
    loop.run()
    promotions = [record for record in loop.ledger if record.round]
    best = loop.state.database.best
    assert best is not None
    assert best.program.id in loop.state.promoted
    assert len({r.program.id for r in promotions if r.program}) == len(promotions) >= 1
    assert best.evaluation.seeds == 12  # four of the search, eight fresh ones


def test_a_search_that_finds_nothing_new_ends(tmp_path: Path) -> None:
    endless = config(10_000, "budget.barren=40")
    loop = make_loop(runs.create(tmp_path, "run", endless), endless)
    assert "40 trials in a row" in loop.run()
    assert 40 < loop.state.outcomes["scored"] <= 54  # all that it can say, less refusals


def test_operators_may_learn_from_the_latest_that_were_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evolve.state.LATEST", 7)
    loop = make_loop(runs.create(tmp_path, "run", config(20)), config(20))
    loop.run()
    scored = [r.individual for r in loop.ledger if r.outcome is Outcome.SCORED and not r.round]
    assert len(scored) > 7
    assert list(loop.state.scored) == scored[-7:]
    assert list(make_loop(runs.find("run", tmp_path), config(20)).state.scored) == scored[-7:]


class Breaking(InstantEvaluator):
    """An evaluator of whose answers the fourth is a fault of ours."""

    def submit(
        self,
        admission: Admission,
        round: int,  # noqa: A002
        rung: int | None = None,
    ) -> Future[Evaluation | Failure]:
        if len(self.trained) < 3:
            return super().submit(admission, round, rung)
        broken: Future[Evaluation | Failure] = Future()
        broken.set_exception(EvolveError("no worker starts"))
        return broken


def test_a_fault_loses_nothing_of_what_arrived_with_it(tmp_path: Path) -> None:
    settled = config(9, "fitness.rungs=[]")
    loop = make_loop(runs.create(tmp_path, "run", settled), settled, Breaking(8))
    with pytest.raises(EvolveError, match="no worker starts"):
        loop.run()
    recorded = list(loop.ledger)
    assert sum(record.outcome is Outcome.SCORED for record in recorded) == 3
    assert len(recorded) == loop.state.records
