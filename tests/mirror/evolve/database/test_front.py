from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from evolve.database.front import Front, dominates, objectives
from evolve.records import Individual
from tests.mirror.evolve.database.population import placed

coordinates = st.integers(0, 4)


def pointed(name: str, inside: float, outside: float, flops: float) -> Individual:
    one = placed(name, 0.0, 0.1)
    gains = {"a/none": inside, "b/none": inside, "a/far": outside}
    return replace(
        one,
        evaluation=replace(one.evaluation, gains=gains),
        admission=replace(one.admission, flops=flops),
    )


def test_objectives_are_gains_inside_and_outside_and_cheapness() -> None:
    assert objectives(pointed("a", 0.25, -0.5, 7.0)) == (0.25, -0.5, -7.0)


@given(st.lists(st.tuples(coordinates, coordinates, coordinates), min_size=1, max_size=30))
def test_a_front_holds_what_nothing_dominates_whatever_the_order(
    points: list[tuple[int, int, int]],
) -> None:
    front = Front()
    for place, point in enumerate(points):
        front.add(pointed(f"p{place:02}x", *point))
    found = sorted(objectives(each) for each in front.members.values())
    every = {(float(a), float(b), -float(c)) for a, b, c in points}
    assert found == sorted(p for p in every if not any(dominates(q, p) for q in every))


def test_a_member_that_fresh_seeds_disappoint_leaves_the_front() -> None:
    front = Front()
    for one in (pointed("a", 0.5, 0.5, 9), pointed("b", 0.1, 0.1, 3)):
        front.add(one)
    front.remeasure(pointed("a", 0.0, 0.0, 9))
    assert [name[0] for name in front.members] == ["b"]
    front.remeasure(pointed("stranger", 9.0, 9.0, 1))
    assert [name[0] for name in front.members] == ["b"]
