"""The ledger's account of openings of the test split."""

from pathlib import Path

from evolve.ledger import Ledger
from evolve.session import Opening, looks


def test_an_opening_counts_from_its_beginning_and_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = Ledger(path, create=True)
    assert ledger.annals.openings() == []
    first = Opening("2026-01-01T00:00:00+00:00", "lab", {"finalists": ["a"]})
    second = Opening("2026-01-02T00:00:00+00:00", "lab", {"finalists": ["b"]})
    ledger.annals.open(first)
    ledger.annals.open(second)
    closed = Opening(second.at, "lab", second.measured, {"arms": {}})
    ledger.annals.open(closed)
    ledger.close()
    reader = Ledger(path)
    assert reader.annals.openings() == [first, second, closed]
    assert looks(reader.annals.openings()) == [first, closed]
    reader.close()
