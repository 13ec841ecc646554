"""Several drivers at once, each in a process and with a run of its own: `evolve run --islands-on`.

`python -m evolve.cli.islands RUN NUMBER HARBOUR text|json [TRACKER...]` is one of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import IO

from rich.console import Console

from evolve import runs
from evolve.cli.drive import drive
from evolve.cli.signals import Signalled, heeding_signals
from evolve.config import Config
from evolve.errors import ConfigError, EvolveError
from evolve.evaluators.ring import Ring, harbour
from evolve.report import read, tables
from evolve.runs import Run
from evolve.tracking import engaged

_SHARED = ("evaluations", "calls", "tokens", "dollars")


def drive_islands(
    folder: Path,
    name: str,
    config: Config,
    drivers: int,
    trackers: Sequence[str] = (),
    *,
    as_json: bool,
) -> None:
    """Begins a run a driver, shows what each says, and tells what came of them.

    The process ends with 0 only if a stop rule ended every run.
    """
    console = Console(stderr=as_json)
    begun: list[Run] = []
    try:
        for number, share in enumerate(shares(config, drivers), 1):
            begun.append(runs.create(folder, f"{name}-{number}", share))
        with harbour(config.evaluators, drivers) as address:
            words = [address, "json" if as_json else "text", *trackers]
            code = _see_through(begun, words, console)
    except EvolveError:
        for each in begun:
            runs.discard(each)
        raise
    left = [each for each in begun if each.path.is_dir()]  # where nothing was tried, nothing is
    if left and not as_json:
        console.print(tables.runs(map(read, left)))
        console.print(
            f"\nTo make one run of them: evolve merge {' '.join(str(each.path) for each in left)} "
            f"--name {name}\nEach can be gone on with by itself: evolve resume {left[0].path}",
            soft_wrap=True, highlight=False,
        )  # fmt: skip
    if code:
        sys.exit(code)


def shares(config: Config, drivers: int) -> Iterator[Config]:
    """The settings of each driver: its own seed, and its part of the workers and of the budget.

    Raises:
        ConfigError: there is not a worker, or not an evaluation, for each.
    """
    evaluators = config.evaluators  # of several workers each has its own cores, on Ray or not
    evaluators = evaluators.model_copy(update={"cpus_per_worker": evaluators.cores})
    config = config.model_copy(update={"evaluators": evaluators})
    whole = {"evaluators": {"workers": evaluators.workers}}
    whole["budget"] = {name: getattr(config.budget, name) for name in _SHARED}
    for number in range(drivers):
        update: dict[str, object] = {
            "search": config.search.model_copy(update={"seed": config.search.seed + number})
        }
        for table, limits in whole.items():
            own = {key: _part(table, key, all_, drivers, number) for key, all_ in limits.items()}
            update[table] = getattr(config, table).model_copy(update=own)
        yield config.model_copy(update=update)


def _part(table: str, key: str, whole: float | None, drivers: int, number: int) -> float | None:
    if whole is None or isinstance(whole, float):
        return whole and whole / drivers
    if whole < drivers:
        raise ConfigError(
            f"--islands-on {drivers}: {table}.{key} = {whole} is shared out; "
            f"want {drivers} at least"
        )
    return whole // drivers + (number < whole % drivers)


def _see_through(begun: Sequence[Run], words: Sequence[str], console: Console) -> int:
    """Runs every driver to its end; gives 0, or what the first to fail ended with."""
    processes: list[subprocess.Popen[str]] = []
    readers: list[Thread] = []
    try:
        with heeding_signals():
            for number, run in enumerate(begun):
                process = subprocess.Popen(  # noqa: S603  (our own command)
                    [sys.executable, "-m", __name__, str(run.path), str(number), *words],
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                    start_new_session=True,  # so that a signal reaches it once: from here
                )  # fmt: skip
                processes.append(process)
                echo = _echo_events if "json" in words else _echo
                readers.append(Thread(target=echo, args=(process.stdout, run, console)))
                readers.append(Thread(target=_echo, args=(process.stderr, run, console)))
                for reader in readers[-2:]:
                    reader.start()
            for process in processes:
                process.wait()
    except Signalled as signalled:
        for process in processes:
            process.send_signal(signalled.number)
    for reader in readers:
        reader.join()
    for process in processes:
        process.wait()
    return next((each.returncode for each in processes if each.returncode), 0)


def _echo(lines: IO[str], run: Run, console: Console) -> None:
    for line in lines:
        console.print(f"{run.path.name}  {line.rstrip()}", markup=False, highlight=False)


def _echo_events(lines: IO[str], run: Run, _: Console) -> None:
    for line in lines:
        Console().out(json.dumps({**json.loads(line), "run": run.path.name}), highlight=False)


def main(path: str, number: str, address: str, form: str, *trackers: str) -> None:
    """One driver, from beginning to end."""
    run = Run(Path(path))
    config, engaging = run.config, engaged(trackers)
    ring = Ring(address, config.evaluators, int(number), run.path.name)
    drive(run, config, engaging, as_json=form == "json", neighbours=ring)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except EvolveError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
