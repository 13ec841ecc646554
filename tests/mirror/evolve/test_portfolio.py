from collections import Counter

import numpy as np
import pytest

from evolve.config import SearchTable
from evolve.errors import ConfigError
from evolve.portfolio import Portfolio, controls_of
from evolve.records import Call, Outcome, Record, Verdict
from evolve.testing import individual


def trial(operator: str, calls: tuple[Call, ...] = ()) -> Record:
    one = individual()
    return Record(
        0, operator, 0, Outcome.SCORED, program=one.program, admission=one.admission,
        evaluation=one.evaluation, calls=calls,
    )  # fmt: skip


def portfolio_of(
    *names: str, control_share: float = 0.0, weights: tuple[float, ...] = ()
) -> Portfolio:
    return Portfolio(SearchTable(operators=names, weights=weights, control_share=control_share))


def asked(portfolio: Portfolio, times: int = 1000) -> Counter[str]:
    rng = np.random.default_rng(0)
    return Counter(portfolio.choose(rng) for _ in range(times))


def test_whoever_succeeds_is_asked_more_and_nobody_is_forgotten() -> None:
    portfolio = portfolio_of("good", "bad")
    for _ in range(20):
        portfolio.credit(trial("good"), Verdict.IMPROVED, mean=-0.1)
        portfolio.credit(trial("bad"), Verdict.NEW, mean=0.1)  # fills a niche, and is unfit
    assert asked(portfolio)["good"] > 900
    assert 400 < asked(portfolio_of("good", "bad"))["bad"] < 600


def test_of_two_that_succeed_as_often_the_cheaper_is_asked_more() -> None:
    portfolio = portfolio_of("cheap", "dear")
    question = Call("m", (), 0, "reply", tokens=6000)
    for _ in range(60):
        for verdict in (Verdict.IMPROVED, Verdict.REJECTED):
            portfolio.credit(trial("cheap"), verdict, mean=-0.1)
            portfolio.credit(trial("dear", (question,)), verdict, mean=-0.1)
    assert portfolio.tallies["dear"].cost == pytest.approx(120 * (0.02 + 1 + 3))
    assert asked(portfolio)["cheap"] > 990


def test_fixed_weights_are_kept_to_whatever_the_operators_earn() -> None:
    portfolio = portfolio_of("a", "b", "never", weights=(3, 1, 0))
    for _ in range(50):
        portfolio.credit(trial("b"), Verdict.IMPROVED, mean=-0.1)
    found = asked(portfolio)
    assert found["a"] / found["b"] == pytest.approx(3, rel=0.2)
    assert found["never"] == 0


@pytest.mark.parametrize(
    ("weights", "complaint"),
    [
        ((1.0,), r"weights = \[1.0\]: wanted one for each of the 2 operators a, b"),
        ((1.0, -1.0), "wanted numbers from 0 on"),
        ((float("nan"), 1.0), "wanted numbers from 0 on"),
        ((0.0, 0.0), "wanted one above 0"),
    ],
)
def test_weights_that_are_no_shares_are_refused(weights: tuple[float, ...], complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        portfolio_of("a", "b", weights=weights)


def test_controls_are_blind_draws_and_every_model_without_parents_and_get_their_share() -> None:
    table = SearchTable(operators=("gp", "llm", "llm@openai/gpt-5"), control_share=0.3)
    assert controls_of(table) == ("random", "blind-llm", "blind-llm@openai/gpt-5")
    found = asked(Portfolio(table), 3000)
    assert sum(found[name] for name in controls_of(table)) == pytest.approx(900, rel=0.15)
    assert controls_of(SearchTable(operators=("random",))) == ()
    assert controls_of(SearchTable(operators=("gp",), control_share=0.0)) == ()


def test_the_tally_tells_what_came_of_every_trial() -> None:
    portfolio = portfolio_of("llm")
    portfolio.credit(trial("llm"), Verdict.NEW, mean=-0.1)
    portfolio.credit(Record(1, "llm", 0, Outcome.NO_PROPOSAL), Verdict.REJECTED, mean=0.0)
    one = individual()
    refused = Record(2, "llm", 0, Outcome.REFUSED, program=one.program)
    portfolio.credit(refused, Verdict.REJECTED, mean=0.0)
    tally = portfolio.tallies["llm"]
    assert (tally.asked, tally.proposed, tally.admitted) == (3, 2, 1)
    assert (tally.scored, tally.improved, tally.paid) == (1, 1, 1)
