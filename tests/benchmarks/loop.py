"""Candidates a minute in the neighbours' terms: `python -m tests.benchmarks.loop`.

An evaluation is 0.5 s of a core, in a process of its own for each candidate, on 2 workers; then the
same with a model that answers after 2 s; then ten times as many, to see whether the rate holds.
Only an idle machine of two cores or more gives these figures; the limit is 240 a minute.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evolve import runs
from evolve.records import Proposal, Selection
from tests.benchmarks import simulated
from tests.benchmarks.population import proposal

WORKERS, SECONDS, LATENCY = 2, 0.5, 2.0
_WARM_UP = 10  # candidates: Ray, zygotes and the first proposals are not the rate


@dataclass
class Thinking:
    """An operator whose model takes its time."""

    seconds: float

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """A program, after a while."""
        time.sleep(self.seconds)
        return proposal(selection, rng)


def rate(folder: Path, candidates: int, latency: float, ahead: int | None) -> float:
    """Candidates a minute, once it runs."""
    import ray

    ray.init(
        num_cpus=WORKERS, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR
    )
    run = runs.create(folder, "run", simulated.config(candidates))
    evaluator = simulated.pool(simulated.Burning, SECONDS, WORKERS, silence=60)
    loop = simulated.loop(run, evaluator, Thinking(latency), ahead)
    times: list[float] = []
    loop.watch = lambda *_: times.append(time.perf_counter())
    with closing(loop.ledger), closing(evaluator), closing(loop.samplers):
        loop.run()
    return 60 * (len(times) - 1 - _WARM_UP) / (times[-1] - times[_WARM_UP])


def main() -> None:
    """Prints the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=300)
    candidates = parser.parse_args().candidates
    found = {}
    for name, number, latency in (
        ("no latency", candidates, 0.0),
        (f"{LATENCY:g} s of latency", candidates, LATENCY),
        ("ten times as many", 10 * candidates, 0.0),
    ):
        with tempfile.TemporaryDirectory() as folder:
            found[name] = rate(Path(folder), number, latency, None)
        print(f"{name}, {number} candidates: {found[name]:.0f} a minute (wanted: 225)", flush=True)
    ratio = found["ten times as many"] / found["no latency"]
    print(f"ten times as many, at {ratio:.3f} of the rate (wanted: 0.95)")


if __name__ == "__main__":
    main()
