"""A cluster whose machines die, while a search is at work on it."""

import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evolve import runs, settings
from evolve.evaluators.measurer import Answer, Draw, Marked
from evolve.evaluators.pool import Pool
from evolve.evaluators.references import graph
from evolve.loop import Loop
from evolve.records import Outcome
from evolve.samplers import Samplers
from evolve.state import State
from fitness.baselines import REFERENCE
from fitness.exam import Exam, draw
from fitness.losses import Losses, constant_predictor, linear_predictor
from fitness.recipe import Recipe
from fitness.suites import select
from tests.benchmarks.population import Proposing, admit, figures

EVALUATIONS, NODES, SECONDS, PATIENCE = 500, 4, 0.2, 5.0


class Simulated:
    """An actor whose training is a nap."""

    def ready(self) -> None:
        """It is."""

    def prepare(self, draw: Draw, exam: Exam) -> None:
        self.exam = exam

    def measure(self, candidate: str, draw: Draw, reference: Losses | None) -> Answer:
        time.sleep(SECONDS)
        if reference is None:
            return Marked(constant_predictor(self.exam), linear_predictor(self.exam), SECONDS)
        return figures(hash(candidate) % 256)


def small_exam(round_number: int, _: int | None) -> Exam:
    tasks = select("lab", "search")
    return draw(tasks.only(tasks.tasks[0].name), Recipe(steps=21, seeds=2), round_number)


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A head without cores, and nodes of one core each."""
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    for _ in range(NODES):
        made.add_node(num_cpus=1)
    yield made
    made.shutdown()  # type: ignore[no-untyped-call]


def signal_all(node: Any, number: signal.Signals) -> None:
    """Sends a signal to a node's own processes and to its workers."""
    own = [each.process.pid for kind in node.all_processes.values() for each in kind]
    for process in [*own, *children(set(own))]:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def children(parents: set[int]) -> list[int]:
    """The workers among the processes that these have started."""
    found = []
    for each in Path("/proc").iterdir():
        with suppress(OSError, IndexError, ValueError):
            if int((each / "stat").read_text().rpartition(")")[2].split()[1]) in parents:
                found.append(int(each.name))
    return found


class Trouble:
    """In turn: a node is switched off, a worker is killed; once, a whole node hangs."""

    def __init__(self, cluster: Any) -> None:
        self.cluster, self.rng = cluster, np.random.default_rng(0)
        self.turn = 0
        self.hanging: list[Any] = []

    def strike(self) -> None:
        nodes = list(self.cluster.worker_nodes)
        node = nodes[self.rng.integers(len(nodes))]
        if self.turn % 3 == 1:
            own = node.all_processes["raylet"][0].process.pid
            for worker in children({own})[:1]:
                os.kill(worker, signal.SIGKILL)
        elif self.turn == 2:
            signal_all(node, signal.SIGSTOP)
            self.hanging.append(node)
            self.cluster.worker_nodes.remove(node)  # nobody knows what became of it
        else:
            self.cluster.remove_node(node, allow_graceful=False)
        while len(self.cluster.worker_nodes) < NODES:
            self.cluster.add_node(wait=False, num_cpus=1)
        self.turn += 1

    def close(self) -> None:
        for node in self.hanging:
            signal_all(node, signal.SIGKILL)


@pytest.mark.ray
@pytest.mark.timeout(300)
def test_nothing_is_lost_and_nothing_counted_twice_when_machines_die(
    cluster: Any, tmp_path: Path
) -> None:
    import ray

    from evolve.evaluators.ray import There

    said = [*settings.budget(f"evaluations={EVALUATIONS}"), "search.operators=['gp']"]
    config = settings.read(None, [*said, "fitness.rung_shares=[]", "search.control_share=0.0"])
    ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.ERROR)
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # type: ignore[no-untyped-call]
    shelf: dict[Draw, Any] = {}
    workers = [There(Simulated, (), config.evaluators, shelf) for _ in range(NODES)]
    trouble = Trouble(cluster)
    evaluator = Pool(workers, graph(REFERENCE), small_exam, patience=PATIENCE, release=ray.shutdown)
    proposing = dict.fromkeys(("founders", "gp"), Proposing())
    samplers = Samplers(proposing, admit, 0, threads=2 * NODES)
    run = runs.create(tmp_path, "run", config)
    with closing(run.ledger()) as ledger, closing(evaluator), closing(samplers):
        loop = Loop(
            State.of(config), samplers, evaluator, ledger, seed=0, founders=3, ahead=1,
            promotes=True,
        )  # fmt: skip
        with ThreadPoolExecutor(1) as beside, closing(trouble):
            searching = beside.submit(loop.run)
            while not wait([searching], timeout=2.0).done:
                trouble.strike()
        assert searching.result() == f"evaluations={EVALUATIONS}"
        records = list(ledger)
    assert trouble.turn > 3, "there was too little trouble to speak of"
    steps = sorted(record.step for record in records)
    assert steps == list(range(len(steps)))
    trained = [each for each in records if each.outcome.trained and not each.round]
    assert len(trained) >= EVALUATIONS
    assert len({each.admission.fingerprint for each in trained if each.admission}) == len(trained)
    lost = [each for each in trained if each.outcome is Outcome.CRASHED]
    assert len(lost) < EVALUATIONS / 50
    assert all("workers were lost over it" in each.detail for each in lost)
