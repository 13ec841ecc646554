"""Programs trained on a Ray cluster, one worker a core. The only file that imports ray."""

from __future__ import annotations

import logging
import os
from functools import partial
from typing import Any

from evolve.config import Config, FitnessTable, SandboxTable
from evolve.errors import ConfigError
from evolve.evaluators.exams import linear
from evolve.evaluators.pool import Pool
from evolve.evaluators.references import graph
from evolve.records import Failure, Outcome
from fitness.baselines import REFERENCE
from fitness.losses import Losses

# A dead worker's program is tried once more on a new one; a second death is the program's fault.
_ATTEMPTS = 2


def on_ray(config: Config) -> Pool:
    """An evaluator of `config.evaluators.workers` Ray actors.

    Raises:
        ConfigError: the cluster cannot be reached, or has too few cores.
    """
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    # A thread that asks for a worker after the end must not start a second cluster.
    os.environ["RAY_ENABLE_AUTO_CONNECT"] = "0"
    import ray

    table = config.evaluators
    try:
        ray.init(
            address=table.address,
            num_cpus=table.workers if table.address is None else None,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except ConnectionError as error:
        raise ConfigError(f"[evaluators] address = {table.address!r}: {error}") from None
    cores = int(ray.cluster_resources().get("CPU", 0))  # type: ignore[no-untyped-call]
    if cores < table.workers:
        ray.shutdown()
        raise ConfigError(f"[evaluators] workers = {table.workers}: the cluster has {cores} cores")
    workers = [Worker(config.fitness, config.sandbox) for _ in range(table.workers)]
    control = partial(linear, config.fitness)
    return Pool(workers, graph(REFERENCE), control, release=ray.shutdown)


class Worker:
    """A measurer in an actor of its own; a new actor takes the place of one that died."""

    def __init__(self, fitness: FitnessTable, sandbox: SandboxTable) -> None:
        self._tables = (fitness, sandbox)
        self._actor = self._start()

    def measure(
        self,
        candidate: str,
        round: int,  # noqa: A002
        rung: int | None = None,
    ) -> Losses | Failure:
        """Losses of the activation that the JSON graph `candidate` describes, in a round's exam."""
        import ray

        for _ in range(_ATTEMPTS):
            try:
                reply = self._actor.measure.remote(candidate, round, rung)
                losses: Losses | Failure = ray.get(reply)
            except ray.exceptions.RayActorError:
                self._actor = self._start()
            else:
                return losses
        return Failure(Outcome.CRASHED, f"its worker died {_ATTEMPTS} times")

    def close(self) -> None:
        """Ends the actor, and with it the processes it started."""
        import ray

        ray.kill(self._actor)

    def _start(self) -> Any:
        import ray

        from evolve.evaluators.measurer import Measurer

        # The actor waits for its locked children; one core is theirs.
        return ray.remote(num_cpus=1)(Measurer).remote(*self._tables)
