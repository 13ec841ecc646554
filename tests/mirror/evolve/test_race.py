from hypothesis import given
from hypothesis import strategies as st

from evolve.race import Race
from evolve.records import Evaluation, Outcome, Record


def _record(step: int, *rungs: float, round_number: int = 0) -> Record:
    evaluation = Evaluation(rungs[-1], (0.0, 0.0), {}, {}, 0.0, narrow=False, seeds=1, rungs=rungs)
    return Record(step, "gp", 0, Outcome.SCORED, evaluation=evaluation, round=round_number)


def test_the_first_goes_on_whatever_it_is_worth() -> None:
    assert Race([0.25]).goes_on(0, -1.0)


@given(st.lists(st.floats(-1, 1), min_size=8, max_size=60, unique=True))
def test_the_best_share_of_what_was_seen_goes_on(fitnesses: list[float]) -> None:
    race = Race([0.25])
    for step, fitness in enumerate(fitnesses):
        race.absorb(_record(step, fitness))
    on = [fitness for fitness in fitnesses if race.goes_on(0, fitness)]
    assert on
    assert min(on) > max((each for each in fitnesses if each not in on), default=-2.0)
    assert abs(len(on) - 0.25 * len(fitnesses)) <= 1.0


def test_each_rung_has_a_bar_of_its_own() -> None:
    race = Race([0.5, 0.5])
    for step in range(10):
        race.absorb(_record(step, 0.1 * step, 0.5))
    assert race.goes_on(0, 0.7)
    assert not race.goes_on(1, 0.4)
    assert [race.rung(passed) for passed in ((), (0.1,), (0.1, 0.2))] == [0, 1, None]


def test_a_promotion_tells_the_race_nothing() -> None:
    race = Race([0.25])
    race.absorb(_record(0, 0.9, round_number=1))
    assert race.goes_on(0, -0.5)


def test_the_bar_follows_the_search() -> None:
    race = Race([0.25])
    for step in range(1000):
        race.absorb(_record(step, 0.9))
    assert not race.goes_on(0, 0.5)
    for step in range(1000):
        race.absorb(_record(step, 0.1))
    assert race.goes_on(0, 0.5)
