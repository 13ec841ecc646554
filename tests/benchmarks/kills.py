"""Is anything lost when a run is killed? `python -m tests.benchmarks.kills`.

    python -m tests.benchmarks.kills [ROUNDS] [WORKERS] [SECONDS]

Each round starts or resumes one and the same run in a process of its own, and kills -9 one of its
processes at a random moment: the driver, the nursery, a zygote, a locked child, or a Ray worker
where WORKERS is above 1. After the driver's death, killed or not, nothing of it may be left; the
ledger must begin with all that it held before, and hold nothing twice. At the end the run is
finished in this process, and its population compared with the fold of its ledger. A round lasts
SECONDS at most, 15 if nothing is said, until the kill; half of that is the start. 200 rounds take
about an hour.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from evolve import runs, settings
from evolve.build import build
from evolve.errors import RunError
from evolve.records import Record
from evolve.runs import LEDGER, Run
from evolve.state import State

QUICK = (
    "search.operators=['gp','random']", "search.founders=['GELU','ReLU','tanh']",
    "fitness.steps=21", "fitness.seeds=2", "fitness.promotion_seeds=2",
    "budget.evaluations=none", "budget.barren=100000",
)  # fmt: skip
# A nursery that is importing torch sees that its owner is gone when it is through with that.
PATIENCE_SECONDS = 60.0
# Ray's agents train nothing, and notice only after a minute that there is no cluster any more.
AGENT = "ray agent"
AGENTS_SECONDS = 120.0
_SUBREAPER = 36  # prctl: orphans become this process's children, and can be seen


@dataclass(frozen=True)
class Process:
    """A descendant of this process."""

    id: int
    parent: int
    command: str

    @property
    def kind(self) -> str:
        """Driver, process of the sandbox, Ray worker, Ray's agent, or other."""
        if "sandbox.confine.server" in self.command:
            return "nursery, zygote or child"
        if self.command.startswith("ray::"):
            return "ray worker" if "Measurer" in self.command else AGENT
        return "driver" if "-m evolve" in self.command else "other"


@dataclass
class Tally:
    """What the rounds came to."""

    kills: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    orphans: int = 0
    broken: int = 0
    stalled: int = 0
    ended: int = 0
    slowest: float = 0.0


def main(rounds: int, workers: int, seconds: int) -> None:
    """Prints a line every ten rounds, and the sum."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    rng, tally = np.random.default_rng(), Tally()
    with tempfile.TemporaryDirectory(prefix="evolve-kills-") as folder:
        config = settings.read(None, [*QUICK, f"evaluators.workers={workers}"])
        run = runs.create(Path(folder), "killed", config)
        before: list[Record] = []
        for number in range(1, rounds + 1):
            torture(run, float(rng.uniform(0.0, seconds)), rng, tally)
            before = inspect(run, before, tally)
            if number % 10 == 0 or number == rounds:
                print(f"{number} rounds, {len(before)} records: {told(tally)}", flush=True)
        ended = time.monotonic()
        while (left := reap()) and time.monotonic() < ended + AGENTS_SECONDS:
            time.sleep(1.0)
        print(f"processes left at the end: {len(left)}")
        finish(run, before)


def told(tally: Tally) -> str:
    """The tally in words."""
    kills = ", ".join(f"{count} {kind}" for kind, count in sorted(tally.kills.items()))
    return (
        f"killed {kills}; records lost {tally.lost}, doubled {tally.doubled}, "
        f"orphans {tally.orphans} (the slowest to go took {tally.slowest:.1f} s), "
        f"lineages or files broken {tally.broken}; after the death of another process than the "
        f"driver {tally.stalled} stood still and {tally.ended} ended"
    )


def torture(run: Run, seconds: float, rng: np.random.Generator, tally: Tally) -> None:
    """One session, one kill -9 after so many seconds, and the driver's end."""
    log = run.path / "log"
    with log.open("wb") as out:
        words = [sys.executable, "-m", "evolve", "resume", str(run.path)]
        driver = subprocess.Popen(words, stdout=out, stderr=out)  # noqa: S603  (our own command)
    time.sleep(seconds)
    victims = [each for each in descendants(os.getpid()) if each.kind not in ("other", AGENT)]
    wanted = str(rng.choice(sorted({each.kind for each in victims}) or ["driver"]))
    chosen = [each for each in victims if each.kind == wanted]
    if chosen:
        tally.kills[wanted] += 1
        kill(int(rng.choice([each.id for each in chosen])))
    if wanted != "driver" and not goes_on(run, driver):
        tally.stalled += driver.poll() is None
        tally.ended += driver.poll() is not None
        print(f"killed a {wanted}; {driver.poll()}: {log.read_text().strip()[-300:]}")
    kill(driver.pid)
    driver.wait()
    died = time.monotonic()
    while (left := reap({AGENT})) and time.monotonic() < died + PATIENCE_SECONDS:
        time.sleep(0.1)
    tally.slowest = max(tally.slowest, time.monotonic() - died)
    tally.orphans += len(left)
    for orphan in left:
        print(f"orphan: {orphan.command[:100]}")
        kill(orphan.id)


def goes_on(run: Run, driver: subprocess.Popen[bytes], patience: float = 60.0) -> bool:
    """Whether the run absorbs another record although one of its processes was killed."""
    have, deadline = count(run), time.monotonic() + patience
    while time.monotonic() < deadline and driver.poll() is None:
        if count(run) > have:
            return True
        time.sleep(0.2)
    return False


def inspect(run: Run, before: list[Record], tally: Tally) -> list[Record]:
    """Compares the ledger with what it held, and looks for anything that is there twice."""
    now = run.records()
    tally.lost += sum(old != new for old, new in zip(before, now, strict=False))
    tally.lost += max(0, len(before) - len(now))
    steps = Counter(record.step for record in now)
    trained = Counter(
        record.admission.fingerprint
        for record in now
        if record.admission and record.outcome.trained and not record.round
    )
    tally.doubled += sum(more - 1 for counted in (steps, trained) for more in counted.values())
    with closing(sqlite3.connect(run.path / LEDGER)) as database:
        tally.broken += len(database.execute("PRAGMA foreign_key_check").fetchall())
        tally.broken += database.execute("PRAGMA integrity_check").fetchone() != ("ok",)
    return now


def finish(run: Run, before: list[Record]) -> None:
    """Ends the run in this process, and compares the live population with the ledger's fold."""
    evaluations = sum(record.outcome.trained and not record.round for record in before) + 5
    overrides = [f"budget.evaluations={evaluations}"]
    config = settings.read(run.path / runs.SETTINGS, overrides)
    with build(run, config) as loop:
        ended = loop.run()
    with closing(run.ledger()) as ledger:
        folded = State.of(config, ledger.outlines())
    print(
        f"finished ({ended}): {folded.records} records; steps without a gap: "
        f"{sorted(r.step for r in run.records()) == list(range(folded.records))}; the population "
        f"is the fold of its ledger: {folded.database == loop.state.database}"
    )


def count(run: Run) -> int:
    """How many records there are."""
    with suppress(RunError), closing(run.ledger()) as ledger:
        return len(ledger.begun())
    return 0


def kill(process: int) -> None:
    """At once, and without a chance to tidy up."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def reap(but: Collection[str] = ()) -> list[Process]:
    """Takes in whoever is dead, and gives those of our descendants that are alive."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return [each for each in descendants(os.getpid()) if each.kind not in but]


def descendants(ancestor: int) -> Iterator[Process]:
    """All processes below `ancestor`, zombies left out."""
    children: dict[int, list[Process]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            status = (path / "stat").read_text().rpartition(")")[2].split()
            if status[0] != "Z":
                command = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                process = Process(int(path.name), int(status[1]), command)
                children.setdefault(process.parent, []).append(process)
    todo = [ancestor]
    while todo:
        found = children.get(todo.pop(), [])
        yield from found
        todo += [each.id for each in found]


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    main(*[*arguments, *(200, 1, 15)[len(arguments) :]])
