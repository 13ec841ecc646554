from collections import Counter
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from evolve.config import DatabaseTable, Strategy
from evolve.database import Database
from evolve.database.elite import Elite
from evolve.database.novelty import novelty
from evolve.database.selection import STRATEGIES
from tests.mirror.evolve.database.population import FLOPS, elite, placed, record

CROWD = [elite(name, 0.02 * place) for place, name in enumerate("abcdef")]
NAMES = sorted(STRATEGIES)


def firsts(strategy: str, elites: list[Elite], draws: int = 300) -> Counter[str]:
    rng = np.random.default_rng(0)
    return Counter(STRATEGIES[strategy](elites, 2, rng)[0].id[0] for _ in range(draws))


def behaving(one: Elite, *values: float) -> Elite:
    admission = replace(one.individual.admission, behaviour=values)
    return one._replace(individual=replace(one.individual, admission=admission))


def test_the_settings_name_the_strategies_there_are() -> None:
    assert set(get_args(Strategy)) == set(STRATEGIES)


@pytest.mark.parametrize("name", NAMES)
def test_a_draw_depends_on_the_elites_and_the_seed_and_not_on_arrival(name: str) -> None:
    forward = STRATEGIES[name](CROWD, 3, np.random.default_rng(5))
    assert forward == STRATEGIES[name](CROWD[::-1], 3, np.random.default_rng(5))
    assert len({each.id for each in forward}) == 3


@pytest.mark.parametrize("name", NAMES)
def test_no_more_are_drawn_than_there_are(name: str) -> None:
    rng = np.random.default_rng(0)
    assert STRATEGIES[name]([], 3, rng) == ()
    assert len(STRATEGIES[name](CROWD[:2], 4, rng)) == 2


@pytest.mark.parametrize("name", sorted({*NAMES} - {"pareto"}))  # where the beaten never win
def test_every_elite_is_drawn_now_and_then(name: str) -> None:
    assert set(firsts(name, CROWD, 1000)) == set("abcdef")


@pytest.mark.parametrize("name", ["rank", "boltzmann"])
def test_the_worthier_is_drawn_more_often(name: str) -> None:
    drawn = firsts(name, CROWD)
    assert drawn["f"] > 2 * drawn["a"]


def test_rank_does_not_see_how_much_better_the_best_is_and_boltzmann_does() -> None:
    far = [*CROWD[:-1], elite("f", 5.0)]
    assert firsts("rank", far) == firsts("rank", CROWD)
    assert firsts("boltzmann", far)["f"] == 300


def test_curiosity_follows_the_parents_of_elites() -> None:
    drawn = firsts("curiosity", [elite("a", 0.9), elite("b", 0.0, curiosity=9.0)])
    assert drawn["b"] > 4 * drawn["a"]


def test_a_pareto_tournament_takes_the_cheap_as_well_as_the_good() -> None:
    good, cheap = elite("g", 0.5, cost=0.9), elite("c", 0.1, cost=0.05)
    beaten = [elite(name, 0.0, cost=0.9) for name in "xyz"]
    drawn = firsts("pareto", [good, cheap, *beaten])
    assert min(drawn["g"], drawn["c"]) > 2 * max(drawn[name] for name in "xyz")


def test_the_odd_one_out_is_the_most_novel() -> None:
    found = novelty([(0.0, 0.0), (0.1, 0.0), (0.0, 0.1), (3.0, 3.0)])
    assert np.argmax(found) == 3
    assert np.allclose(novelty([(1.0, 2.0)]), [0.0])
    crowd = [behaving(one, 0.0, 0.01 * place) for place, one in enumerate(CROWD[:-1])]
    drawn = firsts("novelty", [*crowd, behaving(CROWD[-1], 5.0, 5.0)])
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
    expected = STRATEGIES[name](database.islands[0].elites(database.mean), 4, rng)
    assert (*chosen.parents, *chosen.inspirations) == tuple(each.individual for each in expected)
