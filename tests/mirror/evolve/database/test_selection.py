from collections import Counter
from dataclasses import replace
from itertools import permutations
from typing import get_args

import numpy as np
import pytest

from evolve.config import DatabaseTable, Strategy
from evolve.database import Database
from evolve.database.elite import Elites
from evolve.database.novelty import novelty
from evolve.database.selection import STRATEGIES
from evolve.database.selection.boltzmann import by_boltzmann
from evolve.database.selection.draw import draw
from evolve.records import Individual, Selection, Verdict
from tests.mirror.evolve.database.population import FLOPS, elites, placed, record

CROWD = [placed(name, 0.02 * place, 0.1) for place, name in enumerate("abcdef")]
NAMES = sorted(STRATEGIES)


def firsts(strategy: str, crowd: Elites, draws: int = 300) -> Counter[str]:
    rng = np.random.default_rng(0)
    drawn = (crowd.individuals[STRATEGIES[strategy](crowd, 2, rng)[0]] for _ in range(draws))
    return Counter(each.program.id[0] for each in drawn)


def behaving(one: Individual, *values: float) -> Individual:
    return replace(one, admission=replace(one.admission, behaviour=values))


def selected(strategy: str, arrivals: list[int]) -> Selection:
    """Four of those who arrived on one island, in this order."""
    table = DatabaseTable.model_validate({"islands": 1, "selection": strategy})
    database = Database(table, FLOPS)
    for step in arrivals:
        one = placed(f"p{step}", step / 8, (step + 0.5) / 6)
        assert database.add(record(one, step)) is Verdict.NEW
    return database.select(7, np.random.default_rng(5))


def test_the_settings_name_the_strategies_there_are() -> None:
    assert set(get_args(Strategy)) == set(STRATEGIES)


@pytest.mark.parametrize("name", NAMES)
def test_a_draw_depends_on_the_elites_and_the_seed_and_not_on_arrival(name: str) -> None:
    forward = selected(name, [0, 1, 2, 3, 4, 5])
    assert forward == selected(name, [5, 4, 3, 2, 1, 0]) == selected(name, [3, 5, 0, 4, 1, 2])
    assert len({each.program.id for each in (*forward.parents, *forward.inspirations)}) == 4


def test_who_joins_the_elites_changes_only_the_draws_that_it_is_drawn_in() -> None:
    def drawn_of(crowd: list[Individual], seed: int) -> list[Individual]:
        return [crowd[at] for at in by_boltzmann(elites(crowd), 2, np.random.default_rng(seed))]

    kept = 0
    for seed in range(200):
        drawn, before = drawn_of(CROWD, seed), drawn_of(CROWD[1:], seed)
        kept += drawn == before
        assert drawn == before or CROWD[0] in drawn
    assert 100 < kept < 200


def test_elites_are_drawn_first_and_next_as_their_weights_say() -> None:
    crowd, weights = elites(CROWD), np.arange(1.0, 7.0)
    rng = np.random.default_rng(0)
    draws = Counter(tuple(draw(crowd, weights, 2, rng)) for _ in range(20000))
    shares = weights / weights.sum()
    for first, next_one in permutations(range(6), 2):
        expected = 20000 * shares[first] * shares[next_one] / (1 - shares[first])
        assert abs(draws[first, next_one] - expected) < 4 * np.sqrt(expected)


@pytest.mark.parametrize("name", NAMES)
def test_no_more_are_drawn_than_there_are(name: str) -> None:
    rng = np.random.default_rng(0)
    assert list(STRATEGIES[name](elites([]), 3, rng)) == []
    assert sorted(STRATEGIES[name](elites(CROWD[:2]), 4, rng)) == [0, 1]


@pytest.mark.parametrize("name", sorted({*NAMES} - {"pareto"}))  # where the beaten never win
def test_every_elite_is_drawn_now_and_then(name: str) -> None:
    assert set(firsts(name, elites(CROWD), 1000)) == set("abcdef")


@pytest.mark.parametrize("name", ["rank", "boltzmann"])
def test_the_worthier_is_drawn_more_often(name: str) -> None:
    drawn = firsts(name, elites(CROWD))
    assert drawn["f"] > 2 * drawn["a"]


def test_rank_does_not_see_how_much_better_the_best_is_and_boltzmann_does() -> None:
    far = elites([*CROWD[:-1], placed("f", 5.0, 0.1)])
    assert firsts("rank", far) == firsts("rank", elites(CROWD))
    assert firsts("boltzmann", far)["f"] == 300


def test_curiosity_follows_the_parents_of_elites() -> None:
    drawn = firsts("curiosity", elites([placed("a", 0.9, 0.1), placed("b", 0.0, 0.1)], b=9.0))
    assert drawn["b"] > 4 * drawn["a"]


def test_a_pareto_tournament_takes_the_cheap_as_well_as_the_good() -> None:
    good, cheap = placed("g", 0.5, 0.9), placed("c", 0.1, 0.05)
    beaten = [placed(name, 0.0, 0.9) for name in "xyz"]
    drawn = firsts("pareto", elites([good, cheap, *beaten]))
    assert min(drawn["g"], drawn["c"]) > 2 * max(drawn[name] for name in "xyz")


def test_the_odd_one_out_is_the_most_novel() -> None:
    found = novelty([(0.0, 0.0), (0.1, 0.0), (0.0, 0.1), (3.0, 3.0)])
    assert np.argmax(found) == 3
    assert np.allclose(novelty([(1.0, 2.0)]), [0.0])
    crowd = [behaving(one, 0.0, 0.01 * place) for place, one in enumerate(CROWD[:-1])]
    drawn = firsts("novelty", elites([*crowd, behaving(CROWD[-1], 5.0, 5.0)]))
    assert drawn["f"] > 100


@pytest.mark.parametrize("name", NAMES)
def test_the_database_draws_as_the_settings_say(name: str) -> None:
    table = DatabaseTable.model_validate({"islands": 1, "selection": name})
    database = Database(table, FLOPS)
    for step in range(6):
        database.add(record(placed(f"p{step}", 0.1 * step, step / 6), step))
    chosen = database.select(7, np.random.default_rng(1))
    rng = np.random.default_rng(1)
    rng.integers(1)
    there = database.islands[0].elites(database.mean)
    expected = [there.individuals[place] for place in STRATEGIES[name](there, 4, rng)]
    assert [*chosen.parents, *chosen.inspirations] == expected
