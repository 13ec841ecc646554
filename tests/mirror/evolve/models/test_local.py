"""A model in a child process, for real: the embedded one, or a file that only looks like one."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from evolve.errors import ModelError
from evolve.grammar import HEADER, gbnf
from evolve.models.local import LocalModel
from evolve.models.sampling import Sampling
from evolve.models.server import Server
from evolve.models.weights import locate
from evolve.records import Message
from sandbox import Graph, parse

pytestmark = pytest.mark.model
SAMPLING = Sampling(temperature=0.8, max_tokens=60, timeout_seconds=60.0)
QUESTION = (Message("user", "Write an activation function in PyTorch."),)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalModel]:
    log = tmp_path_factory.mktemp("log") / "model.log"
    model = LocalModel("smollm2-135m", SAMPLING, log=log)
    yield model
    model.close()
    assert b"llama" in log.read_bytes()


def test_a_reply_that_is_held_to_the_grammar_is_a_program(embedded: LocalModel) -> None:
    call = embedded.complete(QUESTION, seed=1, grammar=gbnf())
    assert isinstance(parse(HEADER + call.reply), Graph)
    assert call.model == "local:smollm2-135m"
    assert call.tokens > 0
    assert call.seconds > 0


def test_threads_that_ask_at_once_are_all_answered(embedded: LocalModel) -> None:
    with ThreadPoolExecutor(3) as pool:
        calls = list(
            pool.map(lambda seed: embedded.complete(QUESTION, seed=seed, grammar=gbnf()), range(3))
        )
    assert [call.seed for call in calls] == [0, 1, 2]
    assert all(isinstance(parse(HEADER + call.reply), Graph) for call in calls)


def test_a_process_that_was_killed_is_reported_as_such() -> None:
    with closing(LocalModel("smollm2-135m", SAMPLING)) as model:
        model.complete(QUESTION, seed=1)
        model.start().kill()
        with pytest.raises(ModelError, match=r"its process ended \(killed by signal 9\)"):
            model.complete(QUESTION, seed=1)


def test_a_process_that_was_killed_while_it_read_the_weights_is_reported_as_such() -> None:
    with closing(LocalModel("smollm2-135m", SAMPLING)) as model:
        model.start().kill()
        with pytest.raises(ModelError, match=r"cannot run .* \(killed by signal 9\)"):
            model.complete(QUESTION, seed=1)


def test_a_closed_model_stays_closed_and_may_be_closed_again() -> None:
    model = LocalModel("smollm2-135m", SAMPLING)
    model.start()
    model.close()
    model.close()
    with pytest.raises(ModelError, match="has been closed"):
        model.complete(QUESTION, seed=1)


@pytest.mark.skipif(sys.platform != "linux", reason="watches the orphan by pidfd")
def test_the_server_dies_with_its_parent_however_that_dies() -> None:
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from evolve.models.server import Server\n"
        f"server = Server(Path({str(locate('smollm2-135m'))!r}))\n"
        "print(server.pid, flush=True)\n"
        "server.address()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    parent = subprocess.run(  # noqa: S603  (our own statement)
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert parent.returncode == -signal.SIGKILL
    with suppress(ProcessLookupError):  # gone already
        orphan = os.pidfd_open(int(parent.stdout))
        ended, _, _ = select.select([orphan], [], [], 30)
        os.close(orphan)
        assert ended


def test_a_file_that_only_begins_like_a_model_is_named_and_nothing_is_left_running(
    tmp_path: Path,
) -> None:
    path = tmp_path / "damaged.gguf"
    path.write_bytes(b"GGUF" + os.urandom(1000))
    model = LocalModel(str(path), SAMPLING)
    with pytest.raises(ModelError, match=r"cannot run .*damaged\.gguf"):
        model.complete(QUESTION, seed=1)
    model.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_key_of_the_server_is_seen_by_no_other_user_and_is_new_each_time(
    tmp_path: Path,
) -> None:
    path = tmp_path / "any.gguf"
    path.write_bytes(b"GGUF")
    servers = [Server(path) for _ in range(2)]
    try:
        assert servers[0].key != servers[1].key
        for server in servers:
            told = Path(f"/proc/{server.pid}/cmdline").read_bytes()
            assert server.key.encode() not in told
    finally:
        for server in servers:
            server.close()
