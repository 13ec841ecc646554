"""A search on a cluster whose machines die: `python -m tests.benchmarks.faults`.

Four nodes on this machine. Every so many records a node is switched off or a worker is killed;
once, a whole node hangs. Printed is what befell the cluster, and what became of the trials.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from evolve import runs
from evolve.records import Outcome, Record
from tests.benchmarks import population, simulated
from tests.benchmarks.population import Proposing

NODES, SECONDS, SILENCE = 4, 0.1, 5.0
_EVERY = 25  # records from one mishap to the next: by the clock, a fast machine saw too few
_PAUSE = 0.1  # seconds between two looks at how far the search is


@dataclass
class Cluster:
    """Nodes of one core each, and what befell them.

    Attributes:
        mishaps: what happened, in order.
    """

    ray: Any
    mishaps: list[str] = field(default_factory=list)
    _rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    _hanging: list[Any] = field(default_factory=list)

    def strike(self) -> None:
        """A node is switched off, a worker is killed, in turn; the third time, a node hangs."""
        nodes = list(self.ray.worker_nodes)
        node = nodes[self._rng.integers(len(nodes))]
        if len(self.mishaps) == 2:
            self.mishaps.append("a node hangs")
            _signal(node, signal.SIGSTOP)
            self._hanging.append(node)
            self.ray.worker_nodes.remove(node)  # nobody knows what became of it
        elif len(self.mishaps) % 2:
            self.mishaps.append("a worker is killed")
            for worker in _children({node.all_processes["raylet"][0].process.pid})[:1]:
                os.kill(worker, signal.SIGKILL)
        else:
            self.mishaps.append("a node is switched off")
            self.ray.remove_node(node, allow_graceful=False)
        while len(self.ray.worker_nodes) < NODES:
            self.ray.add_node(wait=False, num_cpus=1)

    def close(self) -> None:
        """Ends all nodes, those that hang, too."""
        for node in self._hanging:
            _signal(node, signal.SIGKILL)
        self.ray.shutdown()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A head without cores, and the nodes; this process has joined it."""
    import ray
    from ray.cluster_utils import Cluster as Nodes

    nodes = Nodes(initialize_head=True, head_node_args={"num_cpus": 0})
    for _ in range(NODES):
        nodes.add_node(num_cpus=1)
    with closing(Cluster(nodes)) as made:
        ray.init(address=nodes.address, log_to_driver=False, logging_level=logging.ERROR)
        for module in (simulated, population):
            ray.cloudpickle.register_pickle_by_value(module)  # type: ignore[no-untyped-call]
        yield made


def survive(evaluations: int, folder: Path) -> tuple[list[Record], list[str]]:
    """The records of a search through all that, and what befell the cluster."""
    run = runs.create(folder, "run", simulated.config(evaluations))
    with cluster() as nodes:
        evaluator = simulated.pool(simulated.Napping, SECONDS, NODES, SILENCE)
        loop = simulated.loop(run, evaluator, Proposing(), ahead=1)
        with closing(loop.ledger), closing(evaluator), closing(loop.samplers):
            with ThreadPoolExecutor(1) as beside:
                searching = beside.submit(loop.run)
                while not wait([searching], timeout=_PAUSE).done:
                    if loop.state.records >= _EVERY * (1 + len(nodes.mishaps)):
                        nodes.strike()
            searching.result()
            return list(loop.ledger), nodes.mishaps


def main() -> None:
    """Prints what happened and what was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evaluations", type=int, default=500)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        records, mishaps = survive(chosen.evaluations, Path(folder))
    for kind in sorted(set(mishaps)):
        print(f"{kind}: {mishaps.count(kind)} times")
    trained = [each for each in records if each.outcome.trained and not each.round]
    steps = sorted(each.step for each in records)
    missing = set(range(len(steps))) - set(steps)
    crashed = sum(each.outcome is Outcome.CRASHED for each in trained)
    print(f"trained {len(trained)} of {chosen.evaluations}, {crashed} of them given up as crashed")
    print(f"steps missing: {len(missing)}; steps twice: {len(steps) - len(set(steps))}")
    sys.exit(bool(missing) or len(steps) != len(set(steps)))


def _signal(node: Any, number: signal.Signals) -> None:
    """Sends a signal to a node's own processes and to its workers."""
    own = [each.process.pid for kind in node.all_processes.values() for each in kind]
    for process in [*own, *_children(set(own))]:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def _children(parents: set[int]) -> list[int]:
    found = []
    for each in Path("/proc").iterdir():
        with suppress(OSError, IndexError, ValueError):
            if int((each / "stat").read_text().rpartition(")")[2].split()[1]) in parents:
                found.append(int(each.name))
    return found


if __name__ == "__main__":
    main()
