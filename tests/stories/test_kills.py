"""A few rounds of `kill -9`; `python -m tests.benchmarks.kills` has two hundred."""

import subprocess
import sys


def test_a_run_that_is_killed_again_and_again_loses_and_leaves_nothing() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.kills", "2"],
        capture_output=True, text=True, timeout=220, check=True,
    ).stdout  # fmt: skip
    for nothing in ("lost 0", "doubled 0", "orphans 0", "broken 0"):
        assert nothing in told, told
    assert "steps without a gap: True" in told
    assert "is the fold of its ledger: True" in told
