"""A command line to tell stories with: the real one, in a process of its own."""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import pytest

Evolve = Callable[..., subprocess.CompletedProcess[str]]
Begin = Callable[..., "Going"]

# What commands import anyhow, once for all of them: as a program that starts takes seconds.
PRELOADED = [
    "evolve.cli", "evolve.cli.drive", "evolve.cli.run", "evolve.rehearsal", "evolve.contest",
    "evolve.evaluators.serial", "evolve.evaluators.tasks", "evolve.models.local", "openai", "ray",
    "sklearn.datasets", "torch", "tests.stories.nursery",
]  # fmt: skip
TIMEOUT_S = 300
SMALL = f"fitness.suite={str(Path(__file__).with_name('small.toml'))!r}"
"""The setting of a suite of few tasks, for stories about something else than what is measured."""


@pytest.fixture(scope="session")
def processes() -> ForkServerContext:
    """Where commands are forked from: a process that has done nothing but import."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


@dataclass(frozen=True)
class Going:
    """A command under way, with some of what `subprocess.Popen` offers."""

    command: Sequence[str]
    process: ForkServerProcess
    streams: Path

    def poll(self) -> int | None:
        """Its exit code, once it has ended."""
        return self.process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """As a terminal or a scheduler would."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """At once, if it has not ended."""
        self.process.kill()
        self.process.join()

    def ended(self, timeout: float = TIMEOUT_S) -> subprocess.CompletedProcess[str]:
        """Waits for its end; gives what came of it."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            self.kill()
            raise subprocess.TimeoutExpired(self.command, timeout)
        out, err = ((self.streams / name).read_text() for name in ("out", "err"))
        return subprocess.CompletedProcess(self.command, self.process.exitcode, out, err)


@pytest.fixture
def begin(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, processes: ForkServerContext
) -> Begin:
    """Types `evolve ...` in an empty folder, and does not wait."""

    def typed(*words: str, **environment: str) -> Going:
        streams, command = tmp_path_factory.mktemp("streams"), ["evolve", *words]
        process = processes.Process(
            target=_main,
            args=(command, tmp_path, {**os.environ, "COLUMNS": "120", **environment}, streams),
        )
        process.start()
        return Going(command, process, streams)

    return typed


@pytest.fixture
def evolve(begin: Begin) -> Evolve:
    """Types `evolve ...` in an empty folder, and gives what came of it."""
    return lambda *words, **environment: begin(*words, **environment).ended()


def _main(command: list[str], folder: Path, environment: dict[str, str], streams: Path) -> None:
    """What a shell does with a command, and an interpreter that starts."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    for number, name in enumerate(("out", "err"), start=1):
        file = os.open(streams / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    sys.argv = command
    runpy.run_module("evolve", run_name="__main__")
