"""Where one driver saturates: `python -m tests.benchmarks.scale [--driver-ms 2.5]`.

A seeded discrete-event model (simpy) of a search with 1,000 and 10,000 workers and models that take
5 to 60 s to answer. Its constants are measured: what a trial costs the driver (one core of
`cluster`'s throughput), what a rung and a full measurement take, and how many go on. The last
column is the most drivers that would each be busy to at most 70 %, with a ledger each.
"""

from __future__ import annotations

import argparse
from collections.abc import Generator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

LATENCY = (5.0, 60.0)  # seconds of a model, uniform
RUNG, FULL, GOES_ON = 0.5, 3.3, 0.3  # seconds of a core, and the share that is measured in full
WARM_UP, MEASURED = 120.0, 30.0  # simulated seconds
BUSY = 0.7  # of a driver: more, and every burst is a queue
DOLLARS = 0.04  # an hour of a core, as clouds rent it


@dataclass
class Search:
    """One driver, its workers, and as many proposals in flight as keep them busy."""

    workers: int
    driver_seconds: float
    rng: np.random.Generator
    trials: int = 0
    driver_busy: float = 0.0
    workers_busy: float = 0.0

    def run(self) -> None:
        """Simulates until the end of the measured time."""
        import simpy

        self.env: Any = simpy.Environment()
        self.driver = simpy.Resource(self.env, 1)
        self.pool = simpy.Resource(self.env, self.workers)
        evaluation = RUNG + GOES_ON * FULL
        # As many proposals as keep the workers busy, or the driver, if that is fewer.
        rate = min(self.workers / evaluation, 1 / self.driver_seconds)
        for _ in range(self.workers + ceil(1.1 * rate * float(np.mean(LATENCY)))):
            self.env.process(self._trials())
        self.env.run(until=WARM_UP + MEASURED)

    def _trials(self) -> Generator[Any, Any, None]:
        while True:
            yield self.env.timeout(self.rng.uniform(*LATENCY))
            yield from self._driven(0.5)  # admitted, and handed to a worker
            with self.pool.request() as place:
                yield place
                seconds = RUNG + FULL * (self.rng.random() < GOES_ON)
                yield self.env.timeout(seconds)
                self.workers_busy += self._counted(seconds)
            yield from self._driven(0.5)  # absorbed, and recorded
            self.trials += self.env.now > WARM_UP

    def _driven(self, share: float) -> Generator[Any, Any, None]:
        with self.driver.request() as turn:
            yield turn
            yield self.env.timeout(share * self.driver_seconds)
            self.driver_busy += self._counted(share * self.driver_seconds)

    def _counted(self, seconds: float) -> float:
        return float(min(seconds, max(0.0, self.env.now - WARM_UP)))


def main() -> None:
    """Prints a line for each number of workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--driver-ms", type=float, default=2.5)
    parser.add_argument("--workers", type=int, nargs="+", default=[100, 1000, 10000])
    chosen = parser.parse_args()
    driver_seconds = chosen.driver_ms / 1000
    print("workers   trials/s   workers busy   driver busy   drivers wanted   dollars/1,000 trials")
    for workers in chosen.workers:
        search = Search(workers, driver_seconds, np.random.default_rng(0))
        search.run()
        rate = search.trials / MEASURED
        wanted = workers / (RUNG + GOES_ON * FULL)  # trials a second, if no driver held them up
        drivers = ceil(wanted * driver_seconds / BUSY)
        cost = DOLLARS * workers / 3600 / rate * 1000
        print(
            f"{workers:7,}   {rate:8.0f}   {search.workers_busy / MEASURED / workers:12.0%}   "
            f"{search.driver_busy / MEASURED:11.0%}   {drivers:14}   {cost:20.2f}"
        )


if __name__ == "__main__":
    main()
