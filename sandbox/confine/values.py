"""The values of confinement: what a job may use, how it ended, and how strong the walls are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a job ended."""

    DONE = "done"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"  # an exception in the function, or a signal
    DENIED = "denied"  # killed for a system call that no honest job makes
    FLOODED = "flooded"  # more came up than the limits allow
    BROKEN_FRAME = "broken_frame"  # what came up is no answer


class Level(StrEnum):
    """How much of the lock this machine allows, strongest first."""

    FULL = "full"  # limits, seccomp and Landlock
    SECCOMP = "seccomp"  # limits and seccomp: all that is needed; Landlock is a second wall
    RLIMITS = "rlimits"  # limits of memory, CPU time and file size
    GRAPH = "graph"  # a wall clock; only the closed graph keeps a program harmless


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard caps on one job.

    Attributes:
        seconds: wall time from the fork on.
        cpu_seconds: CPU time; a back-up with a grain of one second.
        memory_bytes: what the job may allocate beyond what the zygote holds already.
        answer_bytes: the longest answer.
    """

    seconds: float = 10.0
    cpu_seconds: int = 10
    memory_bytes: int = 2**29
    answer_bytes: int = 2**20

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not value > 0:
                raise ValueError(f"limits: {name} is {value}; wanted more than 0")


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one job.

    Attributes:
        outcome: how it ended.
        answer: what the function returned; empty unless done.
        detail: in our own words; for an exception, the name of its type.
        seconds: wall time from the fork until the child was reaped.
        overhead: wall time of the round trip beyond that.
    """

    outcome: Outcome
    answer: bytes
    detail: str
    seconds: float
    overhead: float


@dataclass(frozen=True, slots=True)
class Isolation:
    """The level that a self-test reached, and for every missing layer why it is missing."""

    level: Level
    reasons: tuple[str, ...]


class ZygoteDied(RuntimeError):  # noqa: N818
    """The zygote itself is gone (not a job): start another one."""
