"""How fast are ledger and database? `python -m tests.benchmarks.ledger [RECORDS]`, or a million.

A real loop with a simulated evaluator appends and absorbs; then a ledger of RECORDS is filled and
asked. Everything is printed beside what is wanted. A million takes about 20 minutes and 8 GB of
disk; only figures of one run compare.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from evolve import runs, settings
from evolve.ledger import Ledger
from evolve.lineage import ancestors
from evolve.loop import Loop
from evolve.records import Outcome, Record
from evolve.runs import Run
from evolve.samplers import Samplers
from evolve.state import State
from tests.benchmarks.population import Instant, Proposing, admit, evaluation

CONFIG = settings.read(
    None,
    [
        "search.operators=['random']", "evaluators.ahead=2", "fitness.promotion_seeds=0",
        "fitness.rungs=[]",
        "budget.evaluations=none", "budget.barren=1000000000",
    ],
)  # fmt: skip
_BATCH = 10_000


def main(count: int) -> None:
    """Prints every figure beside its target."""
    with tempfile.TemporaryDirectory(prefix="evolve-ledger-") as folder:
        appending(runs.create(Path(folder), "live", CONFIG), min(count, 20_000))
        big = runs.create(Path(folder), "big", CONFIG)
        fill(big, count)
        size = sum(path.stat().st_size for path in big.path.iterdir()) / 2**30
        print(f"a ledger of {count:,} records takes {size:.2f} GiB")
        for length in sorted({100_000, count}):
            if length <= count:
                resuming(big, length)
        lineages(big)


def appending(run: Run, count: int) -> None:
    """The driver's own speed: select, sample, append with fsync, absorb."""
    loop = _loop(run)
    wanted = settings.read(None, [f"budget.evaluations={count}"]).budget
    loop.state.budget.limits = wanted
    started, worked = time.perf_counter(), time.process_time()
    loop.run()
    rate = loop.state.records / (time.perf_counter() - started)
    work = loop.state.records / (time.process_time() - worked)
    loop.ledger.close()
    print(
        f"appended and absorbed by the driver: {rate:,.0f} records a second (wanted: 1,000), "
        f"{work:,.0f} a second of its own CPU time"
    )


def fill(run: Run, count: int) -> None:
    """Writes a ledger as a run would have, but for the fsync after every record."""
    state, started, selecting = State.of(CONFIG), time.perf_counter(), []
    with closing(run.ledger()) as ledger:
        for begin in range(0, count, _BATCH):
            times: list[float] = []
            ledger.extend(_lived(state, range(begin, min(begin + _BATCH, count)), times))
            selecting.append((begin + len(times), 1e3 * median(times)))
    print(f"filled in {time.perf_counter() - started:,.0f} s")
    shown = [pair for pair in selecting if pair[0] in (10_000, 100_000, 300_000, count)]
    told = ", ".join(f"{milliseconds:.2f} ms at {length:,}" for length, milliseconds in shown)
    print(f"selection (wanted: independent of the length): {told}")


def resuming(run: Run, length: int) -> None:
    """Replays in a process of its own, so that its memory can be told."""
    code = (
        "import sys; from pathlib import Path; from evolve.runs import Run; "
        "from tests.benchmarks.ledger import resumed; "
        "resumed(Run(Path(sys.argv[1])), int(sys.argv[2]))"
    )
    told = subprocess.run(  # noqa: S603  (our own code)
        [sys.executable, "-c", code, str(run.path), str(length)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    print(told.strip())


def resumed(run: Run, length: int) -> None:
    """Prints how long the fold over the first records took, and what memory."""
    started = time.perf_counter()
    with closing(run.ledger()) as ledger:
        state, taken = State.of(CONFIG), set()
        for record in ledger.outlines():
            if state.records == length:
                break
            state.absorb(record)
            taken.add(record.step)
    seconds = time.perf_counter() - started
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"resume of {length:,}: {seconds:.1f} s (wanted: {length * 150e-6:g}), "
        f"{time.process_time():.1f} s of its own CPU time, {gigabytes:.2f} GiB (wanted: 2), "
        f"{len(state.database.ranked())} elites"
    )


def lineages(run: Run) -> None:
    """Times the lineage of programs from all over the ledger."""
    rng, times, sizes, depths = np.random.default_rng(0), [], [], []
    with closing(run.ledger()) as ledger:
        for program in _some_programs(ledger, rng):
            started = time.perf_counter()
            found = list(ancestors(ledger, program))
            times.append(1e3 * (time.perf_counter() - started))
            sizes.append(len(found))
            depths.append(found[-1].depth)
    print(
        f"lineage of {len(times)} programs: {median(times):.1f} ms in the median, {max(times):.1f} "
        f"at most (wanted: 50); up to {max(sizes)} ancestors, {max(depths)} generations deep"
    )


def _some_programs(ledger: Ledger, rng: np.random.Generator) -> Iterator[str]:
    for _ in range(200):
        yield from ledger.programs(f"{int(rng.integers(16**4)):04x}", 1)


def _lived(state: State, steps: range, times: list[float]) -> Iterator[Record]:
    operator = Proposing()
    for step in steps:
        rng = np.random.default_rng((7, step))
        started = time.perf_counter()
        selection = state.database.select(step, rng)
        times.append(time.perf_counter() - started)
        offer = operator.propose(selection, rng)
        program, admission = admit(offer.source)
        record = Record(
            step, "random", selection.island, Outcome.SCORED, offer.parents, program=program,
            admission=admission, calls=offer.calls, seen=step,
        )  # fmt: skip
        record = replace(record, twin=state.database.twin(record))
        if original := state.database.original(admission):
            record = replace(record, outcome=Outcome.DUPLICATE, original=original)
        else:
            record = replace(record, evaluation=evaluation(admission))
        yield record
        state.absorb(record)


def _loop(run: Run) -> Loop:
    operators = {"founders": Proposing(), "random": Proposing()}
    return Loop(
        State.of(CONFIG), Samplers(operators, admit, 0, 8), Instant(8), run.ledger(), seed=0,
        founders=3, ahead=2, promotes=False,
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
