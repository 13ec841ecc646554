"""Programs trained on a Ray cluster, one worker an actor. The only file that imports ray."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

import fitness
import prompts
import sandbox
from evolve.config import Config, EvaluatorsTable
from evolve.errors import ConfigError
from evolve.evaluators.exams import exam, recipe
from evolve.evaluators.measurer import Answer, Draw, Measurer, Measures
from evolve.evaluators.pool import Pool, WorkerLostError
from evolve.evaluators.references import graph
from evolve.evaluators.zygotes import nursery
from fitness.baselines import REFERENCE
from fitness.exam import Exam
from fitness.losses import Losses

_SECONDS_TO_ANSWER = 10.0  # of a cluster that is to be joined
_SPACE = "evolve"  # where the names of our actors are looked up
_SILENCE = 60.0  # seconds that a worker may take beside the training itself
_GIGABYTE = 2**30

MOST_IN_A_CALL = 16
"""Programs that take no time, beside which a call to an actor does."""

# A head speaks HTTP/2, where both sides begin with a frame of settings (RFC 9113, section 3.4).
_SETTINGS = b"\x04"
_GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00" + _SETTINGS + bytes(5)
_FOLDERS = (
    Path(__file__).parents[1],
    *(Path(str(each.__file__)).parent for each in (fitness, prompts, sandbox)),
)

Shelf: TypeAlias = dict[tuple[str, Draw], Any]

_log = logging.getLogger(__name__)


def on_ray(config: Config) -> Pool:
    """An evaluator of `config.evaluators.workers` Ray actors, here or on a cluster.

    Raises:
        ConfigError: the cluster cannot be reached or joined, or has no room for any worker.
    """
    import ray

    table = config.evaluators
    device = config.fitness.device
    if device == "cuda" and not table.gpus_per_worker:
        raise ConfigError(
            "[evaluators] gpus_per_worker = 0: want above 0 for [fitness] device = 'cuda'; "
            "0.25 lets four workers share a GPU"
        )
    # On a cluster of our own all zygotes come from one nursery, which imports while Ray starts.
    born = nursery() if table.address is None and device == "cpu" else None
    join(table)
    try:
        _demand_room(table)
    except ConfigError:
        ray.shutdown()
        raise
    elsewhere = graph(config.fitness.elsewhere)
    arguments = (config.sandbox, elsewhere, device, born, table.processes)
    shelf: Shelf = {}
    workers = [There(Measurer, arguments, table, shelf) for _ in range(table.workers)]
    return Pool(
        workers,
        graph(REFERENCE),
        partial(exam, config.fitness),
        together=recipe(config.fitness, 0).together,
        most=MOST_IN_A_CALL,
        silence=config.sandbox.seconds + _SILENCE,
        release=ray.shutdown,
    )


class There:
    """A measurer in an actor of its own."""

    def __init__(
        self,
        measurer: type[Measures],
        arguments: Sequence[Any],
        table: EvaluatorsTable,
        shelf: Shelf,
    ) -> None:
        """Takes what an actor needs.

        Args:
            measurer: what the actor is.
            arguments: what it is made from.
            table: what each worker asks of its machine.
            shelf: where all workers of a pool put what travels, once for all.
        """
        self._measurer, self._arguments = measurer, arguments
        self._options, self._shelf = _options(table), shelf
        self._prepared: set[Draw] = set()
        self._actor: Any = None

    def start(self) -> Future[None]:
        """Begins an actor, wherever there is room for it; ends the one before."""
        import ray

        self.close()
        self._prepared.clear()
        self._actor = ray.remote(**self._options)(self._measurer).remote(*self._arguments)
        return told(self._actor.ready.remote())

    def begin(
        self, graphs: Sequence[str], draw: Draw, exam: Exam, reference: Losses | None
    ) -> Future[list[Answer]]:
        """Begins to measure; an exam travels to an actor once."""
        if draw not in self._prepared:
            self._prepared.add(draw)
            self._actor.prepare.remote(draw, self._shelved(exam, "exam", draw))
        known = None if reference is None else self._shelved(reference, "reference", draw)
        return told(self._actor.measure.remote(graphs, draw, known))

    def _shelved(self, thing: object, kind: str, draw: Draw) -> Any:
        """What all workers are handed in a draw, by a name: it is packed once."""
        import ray

        if (kind, draw) not in self._shelf:
            self._shelf[kind, draw] = ray.put(thing)
        return self._shelf[kind, draw]

    def close(self) -> None:
        """Ends the actor, and with it the processes it started."""
        import ray

        if self._actor is not None:
            ray.kill(self._actor)


@contextmanager
def shared(table: EvaluatorsTable, kind: type[object], *arguments: object) -> Iterator[str]:
    """An object in an actor that several drivers reach, on a cluster started or joined for it.

    Gives the address at which `reached` finds it; leaves the cluster on the way out.

    Raises:
        ConfigError: the cluster cannot be reached or joined.
    """
    import ray

    join(table)
    try:
        name = uuid4().hex
        actor: Any = ray.remote(num_cpus=0)(kind).options(name=name, namespace=_SPACE)
        _kept = actor.remote(*arguments)  # lives for as long as somebody holds it
        yield f"{ray.get_runtime_context().gcs_address}/{name}"
    finally:
        ray.shutdown()


def reached(table: EvaluatorsTable, address: str) -> Any:
    """The actor that another process of ours shares at `address`; joins its cluster."""
    import ray

    cluster, _, name = address.rpartition("/")
    join(table, cluster)
    return ray.get_actor(name, namespace=_SPACE)


def told(reply: Any) -> Future[Any]:
    """What an actor answers; whatever goes wrong with it is its death."""
    answer: Future[Any] = Future()

    def tell(done: Future[Any]) -> None:
        if error := done.exception():
            lines = str(error).strip().splitlines() or [type(error).__name__]
            answer.set_exception(WorkerLostError(lines[0]))
        else:
            answer.set_result(done.result())

    reply.future().add_done_callback(tell)
    return answer


def _options(table: EvaluatorsTable) -> Mapping[str, Any]:
    """What an actor asks of its machine, in Ray's terms."""
    return {
        # The actor waits for its locked children; the cores are theirs.
        "num_cpus": table.cores,
        "num_gpus": table.gpus_per_worker,
        **({"memory": int(table.memory_gb * _GIGABYTE)} if table.memory_gb else {}),
        **({"label_selector": dict(table.labels)} if table.labels else {}),
    }


def join(table: EvaluatorsTable, cluster: str | None = None) -> None:
    """Starts a cluster on this machine, or joins the one at the address, unless that is done.

    Args:
        table: what is asked of it.
        cluster: the address of one that another process of ours has started or joined.

    Raises:
        ConfigError: there is none, or it is of another Ray or Python.
    """
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    # A thread that asks for a worker after the end must not start a second cluster.
    os.environ["RAY_ENABLE_AUTO_CONNECT"] = "0"
    import ray

    if ray.is_initialized():
        return
    known: dict[str, Any] = {"address": cluster or table.address}
    if table.address is not None:
        _demand_answer(table.address)
        known["runtime_env"] = {"py_modules": [str(each) for each in _FOLDERS]}
    elif cluster is None:
        # Not a cluster that this machine may be a node of.
        known = {"address": "local", "num_cpus": ceil(table.workers * table.cores)}
    try:
        ray.init(include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR, **known)
    except (ConnectionError, RuntimeError, ValueError) as error:
        said = " ".join(str(error).split())
        hint = "" if table.address in (None, "auto") else "; RAY_AUTH_MODE=token, if it wants one"
        raise ConfigError(f"[evaluators] address = {table.address!r}: {said}{hint}") from None


def _demand_answer(address: str) -> None:
    """Raises ConfigError where nobody listens: Ray itself would wait for minutes."""
    if address in ("auto", "local"):
        return
    host, colon, port = address.rpartition(":")
    if not colon or "/" in host or not port.isdecimal():
        raise ConfigError(
            f"[evaluators] address = {address!r}: want auto, or HOST:PORT of the cluster's head "
            "(6379, if its `ray start --head` was not told another port)"
        )
    try:
        with socket.create_connection((host, int(port)), timeout=_SECONDS_TO_ANSWER) as asked:
            asked.sendall(_GREETING)
            answered = asked.recv(4)[3:] == _SETTINGS
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"[evaluators] address = {address!r}: does not answer ({error}); is the cluster up, "
            "and its port open to this machine?"
        ) from None
    if not answered:
        raise ConfigError(
            f"[evaluators] address = {address!r}: something listens there that is no head of a Ray "
            "cluster; `ray status` on the head tells its address"
        )


def _demand_room(table: EvaluatorsTable) -> None:
    """Raises ConfigError where no worker would find a place; warns where some would not."""
    import ray

    nodes = [each for each in ray.nodes() if each["Alive"]]  # type: ignore[no-untyped-call]
    places = sum(_places(table, each) for each in nodes)
    wanted = f"{table.cores:g} CPU, {table.gpus_per_worker:g} GPU"
    wanted += f", {table.memory_gb:g} GB" if table.memory_gb else ""
    wanted += f", labels {dict(table.labels)}" if table.labels else ""
    if not places:
        there = "; ".join(_described(each["Resources"]) for each in nodes)
        raise ConfigError(
            f"[evaluators] no node has room for a worker ({wanted}); the nodes have: {there}"
        )
    if places < table.workers:
        _log.warning(
            "room for %d of %d workers (%s each); the others start when the cluster grows",
            places, table.workers, wanted,
        )  # fmt: skip


def _places(table: EvaluatorsTable, node: Mapping[str, Any]) -> int:
    """How many workers fit on a node."""
    has, labels = node["Resources"], node.get("Labels", {})
    if any(labels.get(name) != value for name, value in table.labels.items()):
        return 0
    asked = {
        "CPU": table.cores,
        "GPU": table.gpus_per_worker,
        "memory": table.memory_gb * _GIGABYTE,
    }
    return min(int(has.get(name, 0) / each) for name, each in asked.items() if each)


def _described(has: Mapping[str, float]) -> str:
    memory = has.get("memory", 0) / _GIGABYTE
    return f"{has.get('CPU', 0):g} CPU, {has.get('GPU', 0):g} GPU, {memory:.0f} GB"
