"""Do evaluators wait for the model? `python -m tests.benchmarks.waiting [SCALE]`.

A simulated model answers after 10 s and a simulated evaluation takes 1 s, on 2 workers, under the
default settings; seconds are SCALE times as short, 5 if nothing is said. Printed is the share of
time that the evaluators were at work after the first simulated minute (wanted: 95 %), and the same
for as many proposals ahead as were fixed before, for comparison.
"""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

import numpy as np

from evolve import runs, settings
from evolve.loop import Loop
from evolve.pace import MOST
from evolve.records import Admission, Evaluation, Failure, Proposal, Selection
from evolve.samplers import Samplers
from evolve.state import State
from tests.benchmarks.population import admit, evaluation, proposal

LATENCY, TRAINING, WORKERS = 10.0, 1.0, 2
FIRST, LAST = 60.0, 300.0  # simulated seconds between which is measured


@dataclass
class Simulated:
    """Evaluators that sleep, and note when they were awake."""

    scale: float
    workers: int = WORKERS
    work: list[tuple[float, float]] = field(default_factory=list)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(WORKERS))
    _lock: Lock = field(default_factory=Lock)

    def submit(
        self,
        admission: Admission,
        round: int,  # noqa: A002
        rung: int | None = None,
    ) -> Future[Evaluation | Failure]:
        """Figures, after a while."""
        return self._threads.submit(self._measure, admission, round)

    def close(self) -> None:
        """Ends the threads."""
        self._threads.shutdown()

    def busy(self, begun: float) -> float:
        """Share of the time from FIRST to LAST that the workers were at work."""
        first, last = begun + FIRST / self.scale, begun + LAST / self.scale
        spans = [max(0.0, min(end, last) - max(start, first)) for start, end in self.work]
        return sum(spans) / (last - first) / self.workers

    def _measure(self, admission: Admission, round: int) -> Evaluation:  # noqa: A002
        start = time.perf_counter()
        time.sleep(TRAINING / self.scale)
        end = time.perf_counter()
        with self._lock:
            self.work.append((start, end))
        return replace(evaluation(admission, round), seconds=end - start)


@dataclass
class Slow:
    """An operator whose model takes its time."""

    scale: float

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """A program, after a while."""
        time.sleep(LATENCY / self.scale)
        return proposal(selection, rng)


def main(scale: float) -> None:
    """Prints the shares."""
    for name, ahead in (("2 ahead a worker, as it was", 2), ("as many ahead as it takes", None)):
        with tempfile.TemporaryDirectory() as folder:
            share, state = simulate(Path(folder), scale, ahead)
        print(
            f"{name}: evaluators at work {share:.1%} of the time (wanted: 95 %); "
            f"{state.records} records, {state.pace.ahead} ahead at the end"
        )


def simulate(folder: Path, scale: float, ahead: int | None) -> tuple[float, State]:
    """One run of five simulated minutes: the share of time at work, and what the run came to."""
    minutes = LAST / scale / 60
    said = [
        "search.operators=['llm']",
        "search.control_share=0.0",
        "fitness.rungs=[]",
        "budget.evaluations=none",
        f"budget.minutes={minutes}",
    ]
    config = settings.read(None, said)
    run = runs.create(folder, "run", config)
    evaluator, slow = Simulated(scale), Slow(scale)
    room = WORKERS * (1 + (MOST if ahead is None else ahead))
    samplers = Samplers({"founders": slow, "llm": slow}, admit, 0, room)
    loop = Loop(
        State.of(config), samplers, evaluator, run.ledger(), seed=0, founders=3, ahead=ahead,
        promotes=True,
    )  # fmt: skip
    begun = time.perf_counter()
    loop.run()
    loop.ledger.close()
    samplers.close()
    evaluator.close()
    return evaluator.busy(begun), loop.state


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
