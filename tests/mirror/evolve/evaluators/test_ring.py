"""Drivers round a ring: what one sends, the next one gets, once."""

import logging
from collections.abc import Iterator

import pytest

from evolve.config import EvaluatorsTable
from evolve.evaluators.ring import Ring, harbour
from evolve.protocols import Visitor
from evolve.records import Program
from evolve.testing import admission

TABLE = EvaluatorsTable()
FOUND = Program("a" * 12, "def activation(x):\n    return x\n"), admission("one")
pytestmark = pytest.mark.ray


@pytest.fixture(scope="module")
def rings() -> Iterator[list[Ring]]:
    with harbour(TABLE, 3) as address:
        yield [Ring(address, TABLE, number, f"night-{number + 1}") for number in range(3)]


def waited_for(ring: Ring) -> Visitor:
    while True:
        if visitor := ring.arrived():
            return visitor


def test_an_elite_goes_to_the_next_driver_and_to_no_other(rings: list[Ring]) -> None:
    rings[2].send(*FOUND)
    assert waited_for(rings[0]) == Visitor("night-3", *FOUND)
    rings[0].send(*FOUND)
    assert waited_for(rings[1]).run == "night-1"
    assert [each.arrived() for each in rings] == [None, None, None]


def test_a_driver_whose_harbour_is_lost_goes_on_alone(
    rings: list[Ring], caplog: pytest.LogCaptureFixture
) -> None:
    import ray

    ray.kill(rings[1]._harbour)  # noqa: SLF001
    with caplog.at_level(logging.WARNING):
        while not caplog.records:
            assert rings[1].arrived() is None
    rings[1].send(*FOUND)
    assert rings[1].arrived() is None
    assert [each.getMessage().partition(":")[0] for each in caplog.records] == [
        "the other drivers cannot be reached"
    ]
