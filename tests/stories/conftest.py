"""A command line to tell stories with: the real one, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Evolve = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def evolve(tmp_path: Path) -> Evolve:
    """Types `evolve ...` in an empty folder, and gives what came of it."""

    def typed(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  (our own command)
            [sys.executable, "-m", "evolve", *words],
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "120", **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return typed
