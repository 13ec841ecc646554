"""Programs trained one after another, each by all cores of this machine: no Ray to start."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from evolve.config import Config
from evolve.evaluators.exams import exam, recipe, split
from evolve.evaluators.measurer import Answer, Draw, Measurer
from evolve.evaluators.pool import Pool
from evolve.evaluators.references import graph
from fitness.baselines import REFERENCE
from fitness.exam import Exam
from fitness.losses import Losses


def serial(config: Config) -> Pool:
    """An evaluator of one worker on this machine.

    Raises:
        EvolveError: the sandbox does not start.
    """
    table = config.fitness
    measurer = Measurer(
        config.sandbox, graph(table.elsewhere), table.device, processes=_processes(config)
    )
    together = recipe(table, 0).together
    return Pool([Here(measurer)], graph(REFERENCE), partial(exam, table), together=together)


def _processes(config: Config) -> int:
    """As many as are asked for, else one for each core that has a task to train."""
    if config.evaluators.cpus_per_worker != "auto":
        return config.evaluators.processes
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(cores, len(split(config.fitness).tasks))


class Here:
    """A measurer on a thread of this process; what dies of a program, it replaces by itself."""

    def __init__(self, measurer: Measurer) -> None:
        self._measurer = measurer
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="measurer")

    def start(self) -> Future[None]:
        """Nothing: it has started."""
        return self._thread.submit(self._measurer.ready)

    def begin(
        self, graphs: Sequence[str], draw: Draw, exam: Exam, reference: Losses | None
    ) -> Future[list[Answer]]:
        """Begins to measure."""
        self._thread.submit(self._measurer.prepare, draw, exam)
        return self._thread.submit(self._measurer.measure, graphs, draw, reference)

    def close(self) -> None:
        """Ends the zygote, and a training under way."""
        self._measurer.close()
        self._thread.shutdown(cancel_futures=True)
