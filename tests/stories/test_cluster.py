"""A cluster whose machines die, while a search is at work on it."""

from pathlib import Path

import pytest

from evolve.records import Outcome
from tests.benchmarks.faults import survive

EVALUATIONS = 150


@pytest.mark.ray
@pytest.mark.timeout(300)
def test_nothing_is_lost_and_nothing_counted_twice_when_machines_die(tmp_path: Path) -> None:
    records, mishaps = survive(EVALUATIONS, tmp_path)
    assert {"a node is switched off", "a worker is killed", "a node hangs"} <= set(mishaps)
    steps = sorted(record.step for record in records)
    assert steps == list(range(len(steps)))
    trained = [each for each in records if each.outcome.trained and not each.round]
    assert len(trained) >= EVALUATIONS
    functions = {each.admission.fingerprint for each in trained if each.admission}
    assert len(functions) == len(trained)
    crashed = [each for each in trained if each.outcome is Outcome.CRASHED]
    assert all("workers were lost over it" in each.detail for each in crashed)
    assert len(crashed) < len(trained) / 10
