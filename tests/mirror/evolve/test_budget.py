from dataclasses import replace

import pytest

from evolve.budget import Budget
from evolve.config import BudgetTable
from evolve.records import Call, Outcome, Record
from evolve.testing import individual


def record(outcome: Outcome, *calls: Call, round: int = 0, clock: float = 0.0) -> Record:  # noqa: A002
    return Record(0, "llm", 0, outcome, calls=calls, round=round, clock=clock)


def test_only_what_was_trained_counts_as_an_evaluation() -> None:
    budget = Budget(BudgetTable(evaluations=100))
    for outcome in Outcome:
        budget.charge(record(outcome))
    assert budget.evaluations == 5  # scored, and the four ways to fail in training
    budget.charge(record(Outcome.SCORED, round=1))
    assert budget.evaluations == 5


def test_tokens_and_dollars_are_counted_also_when_nothing_came_of_them() -> None:
    budget = Budget(BudgetTable(evaluations=None, tokens=100, dollars=0.5))
    budget.charge(record(Outcome.NO_PROPOSAL, Call("m", (), 0, "", tokens=60, dollars=0.2)))
    assert budget.reached() is None
    budget.charge(record(Outcome.REFUSED, Call("m", (), 0, "", tokens=60, dollars=0.1)))
    assert budget.reached() == "tokens=100"
    budget.charge(record(Outcome.REFUSED, Call("m", (), 0, "", tokens=0, dollars=0.2)))
    assert budget.tokens == 120
    assert budget.dollars == pytest.approx(0.5)


def test_trials_in_flight_count_against_evaluations() -> None:
    budget = Budget(BudgetTable(evaluations=3))
    budget.charge(record(Outcome.SCORED))
    assert budget.reached(in_flight=1) is None
    assert budget.reached(in_flight=2) == "evaluations=3"


def test_the_clock_goes_on_where_an_earlier_session_stopped() -> None:
    times = iter([100.0, 130.0])
    budget = Budget(BudgetTable(evaluations=None, minutes=2), now=lambda: next(times))
    budget.charge(record(Outcome.SCORED, clock=90.0))
    budget.start()
    assert budget.reached() == "minutes=2"


def test_a_trial_that_trains_ends_a_barren_row() -> None:
    budget = Budget(BudgetTable(evaluations=None, barren=2))
    for outcome in (Outcome.DUPLICATE, Outcome.SCORED, Outcome.REFUSED):
        budget.charge(record(outcome))
    assert budget.reached() is None
    budget.charge(record(Outcome.NO_PROPOSAL))
    assert budget.reached() == "2 trials in a row brought nothing new"


def scored(fitness: float, round: int = 0) -> Record:  # noqa: A002
    evaluation = replace(individual("a", fitness=fitness).evaluation, round=round)
    return Record(0, "gp", 0, Outcome.SCORED, evaluation=evaluation, round=round)


def test_a_target_is_reached_on_fresh_seeds_where_promotions_are_made() -> None:
    budget = Budget(BudgetTable(evaluations=None, target=0.1))
    budget.charge(scored(0.5))
    assert budget.reached() is None
    budget.charge(scored(0.1, round=1))
    assert budget.reached() == "target=0.1"


def test_a_target_is_reached_by_the_search_where_nothing_is_promoted() -> None:
    budget = Budget(BudgetTable(evaluations=None, target=0.1), confirms=False)
    budget.charge(scored(0.5))
    assert budget.reached() == "target=0.1"


def test_patience_ends_with_trials_in_a_row_without_a_new_best() -> None:
    budget = Budget(BudgetTable(evaluations=None, patience=2))
    for each in (scored(0.1), scored(0.0), scored(0.2), record(Outcome.REFUSED)):
        budget.charge(each)
        assert budget.reached() is None
    budget.charge(scored(0.9, round=1))  # a promotion is no trial
    assert budget.reached() is None
    budget.charge(scored(0.2))
    assert budget.reached() == "2 trials in a row brought no new best"


def test_the_first_rule_that_holds_ends_a_run() -> None:
    budget = Budget(BudgetTable(evaluations=9, minutes=9, target=9.0, patience=1))
    budget.charge(scored(0.1))
    budget.charge(scored(0.1))
    assert budget.reached() == "1 trials in a row brought no new best"


def test_a_clock_that_jumps_back_takes_no_time_away() -> None:
    times = iter([100.0, 160.0, 90.0, 150.0, 170.0])
    budget = Budget(BudgetTable(), now=lambda: next(times))
    budget.start()
    assert [budget.seconds for _ in range(4)] == [60.0, 60.0, 60.0, 70.0]
