from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fitness import standing
from fitness.errors import FitnessError
from fitness.losses import Losses
from fitness.recipe import Recipe
from tests.mirror.fitness.synthetic import losses, task

GELU = losses(task("a", -2.0, -1.0, "one"), task("b", -1.0, 0.0, "one"), task("c", -3.0, -2.0))
LINE = losses(task("a", -0.5, 0.5, "one"), task("b", -0.5, 0.5, "one"), task("c", -0.5, 0.5))


def scattered(level: float, seed: int, noise: float, seeds: int = 8) -> Losses:
    """Two tasks whose errors scatter about a level."""
    rng = np.random.default_rng(seed)
    shape = (seeds, 2)
    tasks = [
        replace(
            task(name, 0.0, 0.0),
            inside=10.0 ** (-2.0 + level + noise * rng.standard_normal(shape)),
            outside=10.0 ** (-1.0 + level + noise * rng.standard_normal(shape)),
        )
        for name in "ab"
    ]
    return losses(*tasks, recipe=Recipe(steps=30, learning_rates=(0.01, 0.1), seeds=seeds))


def test_a_familys_score_is_the_mean_over_its_tasks_side_by_side() -> None:
    found = standing.family_scores(GELU)
    inside, outside = found["one"]
    assert inside.value == pytest.approx((2 / 4 + 1 / 4) / 2)
    assert outside.value == pytest.approx((1 / 4 + 0 / 4) / 2)
    assert list(found) == ["one", "family of c"]


def test_a_familys_interval_holds_its_score_and_repeats() -> None:
    found = standing.family_scores(scattered(0.0, 1, 0.2))
    for sides in found.values():
        for figure in sides:
            assert figure.low < figure.value < figure.high
    assert found == standing.family_scores(scattered(0.0, 1, 0.2))


def test_gains_of_tasks_weigh_the_sides_as_the_fitness_does() -> None:
    better = losses(
        task("a", -2.1, -1.2, "one"), task("b", -1.0, 0.0, "one"), task("c", -3.0, -2.4)
    )
    gains = standing.task_gains(better, GELU, LINE)
    np.testing.assert_allclose(gains, [0.5 * 0.1 + 0.5 * 0.2, 0.0, 0.5 * 0.4])


def test_whoever_is_better_everywhere_improves_for_certain() -> None:
    better = losses(*(task(name, -4.0, -3.0) for name in "abc"))
    assert standing.improvement(better, GELU) == 1.0
    assert standing.improvement(GELU, better) == 0.0
    assert standing.improvement(GELU, GELU) == 0.5
    assert standing.chance_of_no_difference(better, GELU, LINE) == pytest.approx(0.25)
    assert standing.chance_of_no_difference(GELU, GELU, LINE) == 1.0


def test_halves_agree_where_noise_is_small_and_not_where_it_is_all() -> None:
    line = scattered(1.5, 0, 0.0)

    def measured(noise: float) -> dict[str, Losses]:
        levels = {"GELU": 0.0, "p": 0.1, "q": 0.2, "r": -0.1, "s": -0.2}
        return {name: scattered(v, ord(name[0]), noise) for name, v in levels.items()}

    quiet = standing.split_half(measured(0.01), "GELU", line)
    assert quiet == pytest.approx(1.0)
    assert standing.split_half(measured(3.0), "GELU", line) < 0.8


def test_halves_of_many_seeds_are_drawn_and_repeat() -> None:
    levels = {"GELU": 0.0, "p": 0.1, "q": 0.2, "r": -0.1}
    measured = {name: scattered(v, ord(name[0]), 0.3, seeds=13) for name, v in levels.items()}
    line = scattered(1.5, 0, 0.0, seeds=13)
    assert standing.split_half(measured, "GELU", line) == standing.split_half(
        measured, "GELU", line
    )


def test_one_seed_or_two_activations_have_no_halves() -> None:
    line = scattered(1.0, 0, 0.0, seeds=1)
    alone = {name: scattered(0.0, 1, 0.1, seeds=1) for name in ("GELU", "p", "q", "r")}
    with pytest.raises(FitnessError, match="at least two seeds"):
        standing.split_half(alone, "GELU", line)


def test_losses_of_some_seeds_are_those_of_a_smaller_measurement() -> None:
    some = scattered(0.0, 1, 0.5).of_seeds([5, 2])
    assert some.recipe.seeds == 2
    np.testing.assert_array_equal(
        some.tasks[1].outside, scattered(0.0, 1, 0.5).tasks[1].outside[[5, 2]]
    )
