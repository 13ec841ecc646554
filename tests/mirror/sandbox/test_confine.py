"""Confinement: whatever a job does, its report says so, and nobody else notices."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from sandbox.confine import Isolation, Level, Limits, Outcome, Report, Zygote, ZygoteDied, self_test
from sandbox.confine.frames import pack_answer, unpack_answer
from sandbox.confine.probes import Job, gpu_arithmetic, plain_arithmetic, reach
from tests.mirror.sandbox.programs import HOSTILE, Program

JOBS = "confined_jobs"
LIMITS = Limits(seconds=5, cpu_seconds=5, memory_bytes=2**28, answer_bytes=2**16)
SHORT = Limits(seconds=0.3, cpu_seconds=1, memory_bytes=2**28, answer_bytes=2**16)
MARKER = Path("/tmp/escaped")  # noqa: S108  where the corpus would leave its mark


@pytest.fixture(scope="module")
def _importable() -> Iterator[None]:
    folder = str(Path(__file__).parent)
    sys.path.insert(0, folder)
    yield
    sys.path.remove(folder)


@pytest.fixture(scope="module")
def zygote(_importable: None) -> Iterator[Zygote]:
    with Zygote([JOBS]) as zygote:
        yield zygote


def run(zygote: Zygote, name: str, message: bytes = b"", limits: Limits = LIMITS) -> Report:
    return zygote.run(f"{JOBS}:{name}", message, limits)


def needs(zygote: Zygote, *levels: Level) -> None:
    if zygote.isolation.level not in levels:
        pytest.skip(f"isolation here is {zygote.isolation}")


def locked(zygote: Zygote) -> None:
    needs(zygote, Level.FULL, Level.SECCOMP)


def test_bytes_go_down_and_come_up_as_they_are(zygote: Zygote) -> None:
    message = bytes(range(256)) * 20_000
    report = run(zygote, "echo", message, Limits(answer_bytes=len(message)))
    assert (report.outcome, report.answer, report.detail) == (Outcome.DONE, message, "")
    assert report.seconds > 0
    assert report.overhead > 0


def test_tensors_can_be_trained_under_lock(zygote: Zygote) -> None:
    first, second = run(zygote, "train"), run(zygote, "train")
    assert first.outcome is Outcome.DONE, first
    assert first.answer == second.answer


@pytest.mark.parametrize(
    ("name", "outcome", "detail"),
    [
        ("fail", Outcome.CRASHED, "ZeroDivisionError"),
        ("leave", Outcome.CRASHED, "SystemExit"),
        ("forge", Outcome.BROKEN_FRAME, "what came up is no answer"),
        ("forge_and_linger", Outcome.BROKEN_FRAME, "what came up is no answer"),
        ("hang_up", Outcome.CRASHED, "SIGKILL"),
        ("flood", Outcome.FLOODED, "flooded"),
        ("answer_too_much", Outcome.FLOODED, "flooded"),
    ],
)
def test_every_end_has_its_outcome(
    zygote: Zygote, name: str, outcome: Outcome, detail: str
) -> None:
    report = run(zygote, name)
    assert (report.outcome, report.answer, report.detail) == (outcome, b"", detail)


@pytest.mark.parametrize("name", ["spin", "wait"])
def test_a_job_that_never_ends_is_ended(zygote: Zygote, name: str) -> None:
    assert run(zygote, name, limits=SHORT).outcome is Outcome.TIMED_OUT


def test_a_job_that_burns_its_cpu_time_is_ended(zygote: Zygote) -> None:
    needs(zygote, Level.FULL, Level.SECCOMP, Level.RLIMITS)
    report = run(zygote, "spin", limits=Limits(seconds=20, cpu_seconds=1))
    assert (report.outcome, report.detail) == (Outcome.TIMED_OUT, "CPU time used up")


@pytest.mark.parametrize("name", ["hoard", "hoard_tensors"])
def test_a_job_that_hoards_is_out_of_memory(zygote: Zygote, name: str) -> None:
    needs(zygote, Level.FULL, Level.SECCOMP, Level.RLIMITS)
    assert run(zygote, name).outcome is Outcome.OUT_OF_MEMORY


def test_a_killed_child_disturbs_nobody(zygote: Zygote) -> None:
    assert run(zygote, "crash").outcome is Outcome.CRASHED
    assert run(zygote, "echo", b"still here").answer == b"still here"


def test_a_child_cannot_kill_its_zygote(zygote: Zygote) -> None:
    locked(zygote)
    assert run(zygote, "kill_parent").outcome is Outcome.DENIED
    assert run(zygote, "echo", b"still here").answer == b"still here"


@pytest.mark.usefixtures("_importable")
def test_no_key_of_ours_is_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    # Of a nursery that is begun now: no other test asks for this module.
    with Zygote([JOBS, "colorsys"]) as zygote:
        names = run(zygote, "read_environment").answer.decode().split()
    assert "OPENAI_API_KEY" not in names
    assert {"OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES"} <= set(names)


@pytest.mark.parametrize("function", ["os:system", f"{JOBS}:nothing", f"{JOBS}:os", JOBS, ""])
def test_only_functions_of_preloaded_modules_run(zygote: Zygote, function: str) -> None:
    with pytest.raises(ValueError, match="no such function"):
        zygote.run(function, b"")


def test_a_module_that_cannot_be_imported_is_said() -> None:
    with pytest.raises(ZygoteDied, match=r"ModuleNotFoundError.*no_such_module"):
        Zygote(["no_such_module"])


@pytest.mark.usefixtures("_importable")
def test_a_dead_zygote_is_said_and_another_can_be_started() -> None:
    zygote = Zygote([JOBS], level=Level.GRAPH)
    for name in ("kill_parent", "echo"):  # at this level nothing keeps a job from doing that
        with pytest.raises(ZygoteDied, match="start another one"):
            run(zygote, name)
    with Zygote([JOBS]) as another:
        assert run(another, "echo", b"well").answer == b"well"


def test_limits_are_positive() -> None:
    with pytest.raises(ValueError, match="memory_bytes is 0; wanted more than 0"):
        Limits(memory_bytes=0)


@pytest.mark.parametrize(
    "frame", [b"", b"CFN1", b"XXXX" + bytes(9), pack_answer(Outcome.DONE, b"a")[:-1]]
)
def test_a_broken_frame_is_no_answer(frame: bytes) -> None:
    assert unpack_answer(frame) == (Outcome.BROKEN_FRAME, b"")


@pytest.mark.parametrize("program", HOSTILE, ids=lambda program: program.name)
def test_a_hostile_program_that_is_executed_harms_nothing(zygote: Zygote, program: Program) -> None:
    locked(zygote)
    report = run(zygote, "run_raw", program.source.encode("utf-8", "replace"), SHORT)
    assert report.outcome in set(Outcome)
    assert not MARKER.exists()
    assert not left_behind(zygote)
    assert run(zygote, "echo", b"well").answer == b"well"


def left_behind(zygote: Zygote) -> list[str]:
    """Children that the zygote still has once it had time to reap: it answers first, then reaps."""
    listing = Path(f"/proc/{zygote.pid}/task/{zygote.pid}/children")
    deadline = time.monotonic() + 5
    while (found := listing.read_text("utf-8").split()) and time.monotonic() < deadline:
        os.sched_yield()
    return found


OLD_KERNEL = """
import sys
from sandbox.confine import kernel, seccomp, self_test
from sandbox.confine.syscalls import this_machine
kernel.control(kernel.NO_NEW_PRIVS, 1)
seccomp.install(seccomp.deny_filter(this_machine(), sys.argv[1].split(",")))
found = self_test()
print(found.level, *found.reasons)
"""
LANDLOCK = "landlock_create_ruleset,landlock_add_rule,landlock_restrict_self"
# A part of what Docker's default profile denies to an unprivileged container, and Landlock with it.
DOCKER = f"{LANDLOCK},ptrace,mount,unshare,setns,keyctl,bpf,userfaultfd,perf_event_open"
DOCKER += ",process_vm_readv,process_vm_writev,pidfd_getfd,io_uring_setup"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="emulated by a seccomp filter")
@pytest.mark.parametrize("denied", [LANDLOCK, DOCKER])
def test_without_landlock_seccomp_holds_alone(denied: str) -> None:
    if self_test().level not in {Level.FULL, Level.SECCOMP}:
        pytest.skip(f"this machine has no seccomp to emulate with: {self_test()}")
    answer = subprocess.run(  # noqa: S603  our own interpreter, our own text
        [sys.executable, "-c", OLD_KERNEL, denied],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert answer.stdout.startswith("seccomp full: plain arithmetic ended as crashed")
    assert "Landlock" in answer.stdout


def test_jobs_that_need_a_gpu_are_locked_as_tightly_as_its_driver_bears() -> None:
    def unlocked(job: Job, level: Level) -> tuple[Outcome, str]:
        works = job is plain_arithmetic or level is Level.GRAPH
        return (Outcome.DONE, "") if works else (Outcome.DENIED, "a system call")

    found = reach(unlocked, honest=gpu_arithmetic)
    assert found.level is Level.GRAPH
    assert [each.split(":")[0] for each in found.reasons] == ["full", "seccomp", "rlimits"]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device here")
def test_where_no_gpu_answers_none_is_promised() -> None:
    with pytest.raises(ZygoteDied, match=r"gpu arithmetic .* want a GPU"):
        Zygote(["torch"], gpu=True)


@pytest.mark.parametrize("level", list(Level))
def test_a_level_can_be_asked_for_and_is_recorded(level: Level) -> None:
    strongest = self_test()
    with Zygote(level=level) as zygote:
        weaker = list(Level).index(level) >= list(Level).index(strongest.level)
        assert zygote.isolation == (Isolation(level, ()) if weaker else strongest)
