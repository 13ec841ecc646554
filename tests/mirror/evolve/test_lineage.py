from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from evolve.errors import RunError
from evolve.ledger import Ledger
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


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "ledger.sqlite", create=True)) as kept:
        yield kept


def walked(ledger: Ledger, records: Iterable[Record], program: str) -> list[tuple[int, int]]:
    ledger.extend(records)
    return [(each.record.step, each.depth) for each in ancestors(ledger, program)]


def test_all_ancestors_are_walked_nearest_first_and_once(ledger: Ledger) -> None:
    assert walked(ledger, FAMILY, "d00000000000") == [(3, 0), (2, 1), (0, 1), (1, 2)]


def test_a_founder_is_its_own_lineage(ledger: Ledger) -> None:
    assert walked(ledger, FAMILY, "a00000000000") == [(0, 0)]


def test_a_promotion_and_a_duplicate_are_no_births(ledger: Ledger) -> None:
    again = replace(made(4, "c"), round=1)
    twin = replace(made(5, "c", "d"), outcome=Outcome.DUPLICATE, evaluation=None)
    found = walked(ledger, [*FAMILY, again, twin], "c00000000000")
    assert [step for step, _ in found] == [2, 0, 1]


def test_a_prefix_names_a_program_if_it_names_only_one(ledger: Ledger) -> None:
    ledger.extend([*FAMILY, made(4, "ab1"), made(5, "ab2")])
    assert resolve(ledger, "c0") == "c00000000000"
    assert resolve(ledger, "ab1") == "ab1000000000"
    for nobody in ("zz", ""):
        with pytest.raises(RunError, match="no program"):
            resolve(ledger, nobody)
    with pytest.raises(RunError, match="several programs begin so, among them ab1000000000"):
        resolve(ledger, "ab")
