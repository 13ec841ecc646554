"""Nurseries: modules are imported once, zygotes are forked, and nothing is left of either."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from sandbox.confine import Level, Limits, Zygote, ZygoteDied, self_test
from sandbox.confine.frames import receive, send
from sandbox.confine.nursery import address

JOBS = "confined_jobs"
LONG = Limits(seconds=60, cpu_seconds=60)
ORDER: dict[str, Any] = {"preload": [], "level": None, "gpu": False, "nice": 0}


@pytest.fixture(autouse=True)
def _importable() -> Iterator[None]:
    folder = str(Path(__file__).parent)
    sys.path.insert(0, folder)
    yield
    sys.path.remove(folder)


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[1])


def comes_true(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not (found := holds()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return found


def gone(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


def test_zygotes_of_the_same_modules_are_forked_from_one_process() -> None:
    with Zygote([JOBS]) as one, Zygote([JOBS]) as other, Zygote([JOBS, "json"]) as stranger:
        assert one.pid != other.pid
        assert parent(one.pid) == parent(other.pid) != parent(stranger.pid)
        assert other.run(f"{JOBS}:echo", b"well").answer == b"well"


def test_a_level_that_is_asked_for_goes_before_what_the_nursery_found() -> None:
    with Zygote([JOBS]) as one, Zygote([JOBS], Level.GRAPH) as open_one, Zygote([JOBS]) as other:
        assert one.isolation == other.isolation == self_test()
        assert open_one.isolation.level is Level.GRAPH


def test_a_nursery_that_was_killed_is_replaced_and_its_zygotes_live_on() -> None:
    with Zygote([JOBS]) as before:
        killed = parent(before.pid)
        os.kill(killed, signal.SIGKILL)
        assert comes_true(lambda: parent(before.pid) != killed)
        with Zygote([JOBS]) as after:
            assert parent(after.pid) != killed
            for each in (before, after):
                assert each.run(f"{JOBS}:echo", b"well").answer == b"well"


def test_a_zygote_imports_what_the_nursery_of_another_has_not() -> None:
    with Zygote(["json"]) as there, Zygote([JOBS], nursery=address(["json"])) as zygote:
        assert parent(zygote.pid) == parent(there.pid)
        assert zygote.run(f"{JOBS}:echo", b"well").answer == b"well"
        with pytest.raises(ValueError, match="no such function"):
            zygote.run("json:dumps", b"")  # imported, but not asked for


def test_an_address_where_nobody_answers_is_no_obstacle(tmp_path: Path) -> None:
    with Zygote([JOBS], nursery=str(tmp_path / "socket")) as zygote:
        assert zygote.run(f"{JOBS}:echo", b"well").answer == b"well"


@pytest.mark.parametrize("_again", range(8))  # whoever waits and whoever closes both hang up
def test_a_zygote_that_is_closed_in_the_midst_of_a_job_ends_at_once(_again: int) -> None:
    zygote = Zygote([JOBS])
    ends: list[ZygoteDied] = []

    def work() -> None:
        with pytest.raises(ZygoteDied) as caught:
            zygote.run(f"{JOBS}:wait", b"", LONG)
        ends.append(caught.value)

    thread = Thread(target=work)
    thread.start()
    children = Path(f"/proc/{zygote.pid}/task/{zygote.pid}/children")
    assert comes_true(lambda: bool(children.read_text("utf-8")))
    zygote.close()
    thread.join(10)
    assert len(ends) == 1
    assert comes_true(lambda: gone(zygote.pid))


NICER = """
import os
from sandbox.confine import Zygote
from sandbox.confine.nursery import address
address([])
wanted = os.nice(3)
with Zygote() as zygote:
    print(wanted, os.getpriority(os.PRIO_PROCESS, zygote.pid))
"""


def test_a_zygote_is_as_nice_as_its_owner() -> None:
    told = subprocess.run(  # noqa: S603  our own interpreter, our own text
        [sys.executable, "-c", NICER],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    wanted, found = map(int, told.stdout.split())
    assert found == wanted


def test_a_machine_without_a_folder_for_passing_files_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone")[-40:])
    with pytest.raises(ZygoteDied, match=r"No such file .*; want a folder for its socket"):
        Zygote(["json", "json.decoder"])


PROGRAM = """
import os, sys
from sandbox.confine import Zygote
from sandbox.confine.nursery import address
zygote = Zygote()
print(os.getpid(), zygote.pid, address([]), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("killed", [False, True])
def test_a_program_that_ends_leaves_neither_processes_nor_files(*, killed: bool) -> None:
    with subprocess.Popen(  # noqa: S603  our own interpreter, our own text
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as program:
        assert program.stdout is not None
        own, zygote, where = program.stdout.readline().split()
        nursery = parent(int(zygote))
        assert parent(nursery) == int(own)
        assert Path(where).exists()
        if killed:
            program.kill()
    assert comes_true(lambda: gone(int(zygote)) and gone(nursery))
    assert comes_true(lambda: not Path(where).parent.exists())


@pytest.mark.parametrize("unread", [False, True])
def test_where_owners_are_gone_all_ends_without_a_word(*, unread: bool, tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    (tmp_path / "n").mkdir()
    where = str(tmp_path / "n" / "socket")
    with ours, theirs, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(where)
        listener.listen()
        handed = (listener.fileno(), theirs.fileno())
        nursery = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "sandbox.confine.server", *map(str, handed)],
            pass_fds=handed,
            stderr=subprocess.PIPE,
        )
        theirs.close()
        listener.close()
        with socket.socket(socket.AF_UNIX) as owner:
            owner.connect(where)
            send(owner, ORDER)
            if unread:
                select.select([owner], [], [])  # a reply left unread turns an end into a reset
            else:
                receive(owner)
    assert nursery.communicate()[1] == b""  # heard to its end: the zygote's as well
    assert nursery.returncode == 0
    assert not [*tmp_path.iterdir()]
