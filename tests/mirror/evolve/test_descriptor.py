from math import inf

from hypothesis import given
from hypothesis import strategies as st

from evolve.descriptor import describe

slopes = st.floats(allow_nan=False)


@given(st.floats(0, 2), slopes, slopes, st.integers(0, 1000))
def test_every_program_lies_in_the_unit_cube(
    cost: float, left: float, right: float, bends: int
) -> None:
    assert all(0 <= axis <= 1 for axis in describe(cost, left, right, bends))


def test_growth_tells_bounded_from_one_sided_from_straight_from_steep() -> None:
    slopes = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (inf, inf)]
    growth = [describe(0.1, left, right, 0)[1] for left, right in slopes]
    assert growth == sorted(set(growth))
    assert growth[0] == 0
    assert growth[-1] == 1
