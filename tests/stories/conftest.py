"""A command line to tell stories with: the real one, in a process of its own."""

import multiprocessing
import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

Evolve = Callable[..., subprocess.CompletedProcess[str]]

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


@pytest.fixture
def evolve(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, processes: ForkServerContext
) -> Evolve:
    """Types `evolve ...` in an empty folder, and gives what came of it."""
    streams = tmp_path_factory.mktemp("streams")

    def typed(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = ["evolve", *words]
        process = processes.Process(
            target=_main,
            args=(command, tmp_path, {**os.environ, "COLUMNS": "120", **environment}, streams),
        )
        process.start()
        process.join(TIMEOUT_S)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(command, TIMEOUT_S)
        out, err = ((streams / name).read_text() for name in ("out", "err"))
        return subprocess.CompletedProcess(command, process.exitcode, out, err)

    return typed


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
