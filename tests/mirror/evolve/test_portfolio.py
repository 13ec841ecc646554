import numpy as np

from evolve.portfolio import Portfolio
from evolve.records import Outcome, Record, Verdict
from evolve.testing import individual


def trial(operator: str) -> Record:
    one = individual()
    return Record(
        0, operator, 0, Outcome.SCORED, program=one.program, admission=one.admission,
        evaluation=one.evaluation,
    )  # fmt: skip


def test_whoever_succeeds_is_asked_more_and_nobody_is_forgotten() -> None:
    portfolio = Portfolio(("good", "bad"))
    for _ in range(20):
        portfolio.credit(trial("good"), Verdict.IMPROVED, mean=-0.1)
        portfolio.credit(trial("bad"), Verdict.NEW, mean=0.1)  # fills a niche, and is unfit
    rng = np.random.default_rng(0)
    asked = [portfolio.choose(rng) for _ in range(500)]
    assert asked.count("good") > 450
    fresh = Portfolio(("good", "bad"))
    assert 200 < [fresh.choose(rng) for _ in range(500)].count("bad") < 300


def test_the_tally_tells_what_came_of_every_trial() -> None:
    portfolio = Portfolio(("llm",))
    portfolio.credit(trial("llm"), Verdict.NEW, mean=-0.1)
    portfolio.credit(Record(1, "llm", 0, Outcome.NO_PROPOSAL), Verdict.REJECTED, mean=0.0)
    one = individual()
    refused = Record(2, "llm", 0, Outcome.REFUSED, program=one.program)
    portfolio.credit(refused, Verdict.REJECTED, mean=0.0)
    tally = portfolio.tallies["llm"]
    assert (tally.asked, tally.proposed, tally.admitted) == (3, 2, 1)
    assert (tally.scored, tally.improved, tally.paid) == (1, 1, 1)
