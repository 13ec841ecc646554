"""The main job, end to end, and what it must show: `python -m tests.benchmarks.first_run`.

60 evaluations with the embedded model on two workers: how many of the model's proposals are
admitted, whether duplicates were trained, whether every trial is in the ledger, where the best
comes from, and what fresh seeds say of it. Then the time to the first scored program, with Ray
and without.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

from evolve import runs
from evolve.errors import RunError
from evolve.lineage import ancestors
from evolve.records import Outcome, Record
from evolve.report import read
from evolve.report.tables import against_gelu, interval
from evolve.runs import Run


def main() -> None:
    """Runs, and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evaluations", type=int, default=60)
    parser.add_argument("--run", type=Path, help="look at this run instead of making one")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.run:
            show(Run(chosen.run))
        else:
            run, seconds = _search(Path(folder), chosen.evaluations)
            print(f"{chosen.evaluations} evaluations on two workers: {seconds / 60:.1f} minutes")
            show(run)
        for workers in (1, 2):
            where = "serial" if workers == 1 else "Ray, two workers"
            print(f"first scored program ({where}): {_first(Path(folder), workers):.1f} s")


def show(run: Run) -> None:
    """Prints what the issue asks of a run."""
    records = run.records()
    trials = [record for record in records if not record.round]
    asked = [record for record in trials if record.operator == "llm"]
    admitted = sum(record.admission is not None for record in asked)
    share = 100 * admitted / max(1, len(asked))
    print(f"model's proposals admitted: {admitted} of {len(asked)} ({share:.0f} %)")
    trained = [r.admission.fingerprint for r in trials if r.outcome.trained and r.admission]
    twice = len(trained) - len(set(trained))
    repeated = sum(record.outcome is Outcome.DUPLICATE for record in trials)
    print(f"trained: {len(trained)}, of these trained twice: {twice}; duplicates: {repeated}")
    steps = sorted(record.step for record in records)
    missing = len(steps) and steps[-1] + 1 - len(steps)
    print(f"steps in the ledger: {len(steps)}, missing: {missing}")
    best = read(run).best
    if best is None:
        return
    with closing(run.ledger()) as ledger:
        path = [_maker(each.record) for each in ancestors(ledger, best.id)]
    again = interval(best.again) if best.again else "not measured again"
    print(f"best: {best.id} by {best.operator}, search {best.fitness:+.3f}, fresh seeds {again}")
    print(f"      {against_gelu(best.believed)} error against GELU; from {' <- '.join(path)}")


def _maker(record: Record) -> str:
    return record.note if record.operator == "founders" else record.operator


def _search(folder: Path, evaluations: int) -> tuple[Run, float]:
    started = monotonic()
    budget = f"evaluations={evaluations}"
    subprocess.run(  # noqa: S603  (our own command)
        [*_evolve(folder, "full"), "--workers", "2", "--budget", budget], check=True
    )
    return runs.find("full", folder), monotonic() - started


def _first(folder: Path, workers: int) -> float:
    name = f"first-{workers}"
    started = monotonic()
    command = [*_evolve(folder, name), "--workers", str(workers)]
    with Path(os.devnull).open("w") as nowhere:
        search = subprocess.Popen(command, stdout=nowhere)  # noqa: S603
    while not _scored(folder, name):
        if search.poll() is not None:
            raise SystemExit(f"{' '.join(command)} ended with {search.returncode}")
        sleep(0.05)
    seconds = monotonic() - started
    search.send_signal(signal.SIGINT)
    search.wait()
    return seconds


def _evolve(folder: Path, name: str) -> list[str]:
    return [sys.executable, "-m", "evolve", "run", "--runs", str(folder), "--name", name]


def _scored(folder: Path, name: str) -> bool:
    try:
        return bool(runs.find(name, folder).records())
    except RunError:
        return False


if __name__ == "__main__":
    main()
