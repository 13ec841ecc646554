from dataclasses import replace

import pytest

from evolve.errors import RunError
from evolve.lineage import ancestors, resolve
from evolve.records import Outcome, Record
from evolve.testing import individual


def made(step: int, name: str, *parents: str) -> Record:
    one = individual(name)
    return Record(
        step, "gp", 0, Outcome.SCORED, parents=tuple(each.ljust(12, "0") for each in parents),
        program=one.program, admission=one.admission, evaluation=one.evaluation,
    )  # fmt: skip


FAMILY = [made(0, "a"), made(1, "b"), made(2, "c", "a", "b"), made(3, "d", "c", "a")]


def test_all_ancestors_are_walked_nearest_first_and_once() -> None:
    found = [(each.record.step, each.depth) for each in ancestors(FAMILY, "d00000000000")]
    assert found == [(3, 0), (2, 1), (0, 1), (1, 2)]


def test_a_founder_is_its_own_lineage() -> None:
    assert [each.record.step for each in ancestors(FAMILY, "a00000000000")] == [0]


def test_a_promotion_and_a_duplicate_are_no_births() -> None:
    again = replace(made(4, "c"), round=1)
    twin = replace(made(5, "c", "d"), outcome=Outcome.DUPLICATE, evaluation=None)
    found = ancestors([*FAMILY, again, twin], "c00000000000")
    assert [each.record.step for each in found] == [2, 0, 1]


def test_a_prefix_names_a_program_if_it_names_only_one() -> None:
    assert resolve(FAMILY, "c0") == "c00000000000"
    with pytest.raises(RunError, match="no program"):
        resolve(FAMILY, "zz")
    with pytest.raises(RunError, match="no program"):
        resolve(FAMILY, "")
    with pytest.raises(RunError, match="2 programs begin so"):
        resolve([made(0, "ab1"), made(1, "ab2")], "ab")
