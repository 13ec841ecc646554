from dataclasses import replace
from math import inf
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve.config import Axis
from evolve.descriptor import AXES, describe
from evolve.records import Admission
from evolve.testing import admission

slopes = st.floats(allow_nan=False)


def shaped(left: float = 0.0, right: float = 0.0, bends: int = 0, flops: float = 0.0) -> Admission:
    traits = {"left_slope": left, "right_slope": right, "curvature_sign_changes": float(bends)}
    return replace(admission(""), traits=traits, flops=flops)


def test_the_settings_name_the_axes_there_are() -> None:
    assert set(get_args(Axis)) == set(AXES)


@given(slopes, slopes, st.integers(0, 99), st.floats(0, 1e6), st.floats(0, allow_nan=False))
def test_every_axis_lies_in_0_to_1(
    left: float, right: float, bends: int, flops: float, lipschitz: float
) -> None:
    one = shaped(left, right, bends, flops)
    one = replace(one, traits={**one.traits, "lipschitz": lipschitz})
    for coordinate in describe(one, tuple(AXES), 100):
        assert 0 <= coordinate <= 1


@pytest.mark.parametrize(
    ("one", "axis", "place"),
    [
        (shaped(flops=30), "cost", 0.3),
        (shaped(flops=300), "cost", 1.0),
        (shaped(0, 0), "growth", 0.0),  # tanh
        (shaped(0, 1), "growth", 1 / 3),  # ReLU
        (shaped(1, 1), "growth", 1 / 2),  # Snake
        (shaped(-inf, inf), "growth", 1.0),  # square
        (shaped(-inf, inf), "lopsidedness", 0.0),
        (shaped(0, inf), "lopsidedness", 1.0),
        (shaped(bends=2), "bends", 1 / 4),
        (shaped(bends=50), "bends", 1.0),
    ],
)
def test_a_shape_has_its_place(one: Admission, axis: str, place: float) -> None:
    (found,) = describe(one, (axis,), 100)
    assert found == pytest.approx(place)
