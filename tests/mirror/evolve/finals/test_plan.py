import pytest

from evolve.config import Config, FitnessTable
from evolve.finals.plan import arms, measured_under, work


def test_the_arms_change_one_thing_each_and_measure_the_locked_split() -> None:
    table = FitnessTable(steps=100, seeds=3)
    found = arms(table, seeds=30, wide_seeds=8)
    assert {each.split for each in found.values()} == {"test"}
    sizes = {n: (t.width, t.hidden_layers, t.optimiser, t.promotion_seeds, t.steps)
             for n, t in found.items()}  # fmt: skip
    assert sizes == {
        "recipe": (32, 2, "adam", 30, 100),
        "wide": (128, 4, "adam", 8, 100),
        "sgd": (32, 2, "sgd", 30, 100),
    }
    assert set(arms(FitnessTable(optimiser="sgd"), 1, 1)) == {"recipe", "wide", "adam"}


def test_work_grows_with_seeds_steps_and_size_and_limits_grow_with_it() -> None:
    small = FitnessTable()
    assert work(small, 1) == pytest.approx(2 * work(small, 0))  # 8 seeds for 4
    wide = arms(small, seeds=4, wide_seeds=4)["wide"].model_copy(update={"split": "search"})
    assert 10 < work(wide, 1) / work(small, 0) < 50
    config = Config(fitness=small)
    assert measured_under(config, wide).sandbox.seconds > 10 * config.sandbox.seconds
    quick = small.model_copy(update={"steps": 30, "promotion_seeds": 1})
    assert measured_under(config, quick).sandbox.seconds == config.sandbox.seconds
