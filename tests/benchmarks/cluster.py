"""What Ray adds: `python -m tests.benchmarks.cluster [--trials 3000]`.

The driver's throughput with evaluations that take no time, beside Ray's own with empty calls; what
a trial costs it with few and with many workers; how much two workers do of what one does twice; the
memory of driver, actors and zygotes; and that of a driver with 10,000 evaluations in flight. The
time to the first score is in `first_run`.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from evolve import runs
from evolve.build import measuring
from evolve.config import Config, EvaluatorsTable
from evolve.evaluators.references import founders, graph
from evolve.testing import admission
from tests.benchmarks import simulated
from tests.benchmarks.population import Proposing

_IN_FLIGHT = 10_000
_MANY = 1_000  # workers


def begin() -> None:
    """Ray on this machine."""
    import ray

    ray.init(num_cpus=4, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)


def empty_calls(calls: int) -> float:
    """Calls a second of two actors that do nothing, two in flight."""
    import ray

    begin()
    remote: Any = ray.remote(num_cpus=1)
    actors = [remote(simulated.Napping).remote(0.0) for _ in range(2)]
    ray.get([each.ready.remote() for each in actors])
    started = time.perf_counter()
    for _ in range(calls // 2):
        ray.get([each.ready.remote() for each in actors])
    seconds = time.perf_counter() - started
    ray.shutdown()
    return calls / seconds


def throughput(trials: int, workers: int) -> float:
    """Trials a second of a whole search whose evaluations take no time."""
    begin()
    with tempfile.TemporaryDirectory() as folder:
        run = runs.create(Path(folder), "run", simulated.config(trials))
        evaluator = simulated.pool(simulated.Napping, 0.0, workers, silence=60)
        loop = simulated.loop(run, evaluator, Proposing(), ahead=4)
        with closing(loop.ledger), closing(evaluator), closing(loop.samplers):
            evaluator.submit(admission("", graph=graph("GELU")), 0).result()
            started = time.perf_counter()
            loop.run()
            return loop.state.records / (time.perf_counter() - started)


def driver_milliseconds(workers: int, trials: int) -> float:
    """What a trial costs the driver's own thread, with so many workers in this very process."""
    with tempfile.TemporaryDirectory() as folder:
        run = runs.create(Path(folder), "run", simulated.config(trials))
        evaluator = simulated.Answering(workers)
        loop = simulated.loop(run, evaluator, Proposing(), ahead=1)
        with closing(loop.ledger), closing(evaluator), closing(loop.samplers):
            started = time.thread_time()
            loop.run()
            return 1e3 * (time.thread_time() - started) / loop.state.records


def real_work(workers: int) -> tuple[float, str]:
    """Programs a minute at real training, and who takes how much memory."""
    table = EvaluatorsTable(kind="ray", workers=workers)
    with closing(measuring(Config(evaluators=table))) as evaluator:
        graphs = [graph(name) for name in founders(())]
        first = [evaluator.submit(admission("", graph=graphs[0]), 0) for _ in range(workers)]
        _ = [each.result() for each in first]
        started = time.perf_counter()
        futures = [evaluator.submit(admission("", graph=each), 0) for each in graphs[1:13]]
        _ = [each.result() for each in futures]
        minutes = (time.perf_counter() - started) / 60
        return len(futures) / minutes, memory()


def in_flight(evaluations: int) -> float:
    """Mebibytes that a driver grows by when so many evaluations are in flight."""
    begin()
    before = _rss(os.getpid())
    with closing(simulated.pool(simulated.Napping, 0.0, 2, silence=60)) as evaluator:
        asked: list[Any] = [
            evaluator.submit(admission("", graph=f"{number} " * 300), 0)
            for number in range(evaluations)
        ]
        _ = [each.result() for each in asked]
    return _rss(os.getpid()) - before


def memory() -> str:
    """Megabytes of this process, its actors, nursery and zygotes; what is shared, in shares."""
    sandbox = "nursery and zygotes"
    found: dict[str, list[float]] = {"driver": [_share(os.getpid())], "actor": [], sandbox: []}
    for each in Path("/proc").iterdir():
        try:
            command = (each / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, UnicodeDecodeError):
            continue
        kind = "actor" if command.startswith("ray::Measurer") else ""
        kind = sandbox if "sandbox.confine.server" in command else kind
        if kind:
            found[kind].append(_share(int(each.name)))
    return ", ".join(f"{n} {'/'.join(f'{one:.0f}' for one in each)}" for n, each in found.items())


def _share(process: int) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _rss(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=3000)
    trials = parser.parse_args().trials
    own = empty_calls(trials)
    print(f"Ray's own: {own:,.0f} empty calls a second, two in flight", flush=True)
    for workers in (2, 4):
        found = throughput(trials, workers)
        print(
            f"driver, {workers} workers that take no time: {found:,.0f} trials a second (wanted: "
            f"1,000, or Ray's limit), {found / own:.2f} of Ray's own",
            flush=True,
        )
    few, many = (driver_milliseconds(workers, trials) for workers in (4, _MANY))
    print(
        f"driver alone: {few:.2f} ms a trial of its thread with 4 workers, {many:.2f} with "
        f"{_MANY:,}: {many / few:.2f} as much",
        flush=True,
    )
    one, _ = real_work(1)
    two, used = real_work(2)
    print(f"real work: {one:.1f} and {two:.1f} programs a minute on 1 and 2 workers")
    print(f"  scaling efficiency {two / one / 2:.2f} (wanted: 0.9 on two idle cores)")
    print(f"MB, two workers: {used}")
    grown = in_flight(_IN_FLIGHT)
    print(f"driver with {_IN_FLIGHT:,} evaluations in flight: {grown:.0f} MB more (at most 1,000)")


if __name__ == "__main__":
    main()
