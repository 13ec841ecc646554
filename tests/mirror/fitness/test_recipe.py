from __future__ import annotations

import json
from typing import Any

import pytest

from fitness.errors import FitnessError
from fitness.recipe import Recipe


def test_a_recipe_survives_json() -> None:
    recipe = Recipe(width=8, learning_rates=(0.1, 0.2, 0.4))
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


def test_the_learning_rate_warms_up_and_ends_near_zero() -> None:
    factors = [Recipe().learning_rate_factor(step) for step in range(400)]
    assert factors[0] < 0.1
    assert max(factors) == max(factors[15:30]) > 0.9
    assert 0.0 < factors[-1] < 1e-3


@pytest.mark.parametrize(
    "change",
    [
        {"width": 0},
        {"seeds": -1},
        {"steps": 10**9},
        {"warm_up": 400},
        {"clip": 0.0},
        {"clip": float("nan")},
        {"training_points": 1},
        {"learning_rates": (0.1,)},
        {"learning_rates": (0.3, 0.1)},
        {"learning_rates": (0.1, float("inf"))},
    ],
)
def test_a_recipe_out_of_range_is_refused_by_name(change: dict[str, Any]) -> None:
    (name,) = change
    with pytest.raises(FitnessError, match=f"recipe: {name} is .* must be"):
        Recipe(**change)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"widht": 3}, "did you mean 'width'"),
        ({"width": "32"}, "must be a int"),
        ({"width": True}, "must be a int"),
        ({"learning_rates": "0.1"}, "must be a tuple"),
        ({"learning_rates": []}, "two or more"),
    ],
)
def test_a_table_that_is_no_recipe_is_refused(table: dict[str, Any], message: str) -> None:
    with pytest.raises(FitnessError, match=message):
        Recipe.from_json(table)
