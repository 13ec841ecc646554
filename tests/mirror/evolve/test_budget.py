import pytest

from evolve.budget import Budget
from evolve.config import BudgetTable
from evolve.records import Call, Outcome, Record


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
