"""Drives a run to its end, shows it meanwhile, and says what came of it and what to type next."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

from rich.console import Console

from evolve.build import build
from evolve.cli.display import Display
from evolve.config import Config
from evolve.errors import EvolveError
from evolve.report import read, tables
from evolve.runs import ENDED, Run, discard


def drive(run: Run, config: Config, *, as_json: bool) -> None:
    """Goes on with `run` under the settings `config` until a limit is reached or it is stopped."""
    console = Console(stderr=as_json)
    console.print(f"Run {run.path}: {', '.join(_proposers(config))}")
    with run.driving():
        try:
            with terminable(), Display(console) as display, build(run, config) as loop:
                loop.watch = lambda record, verdict: display.show(loop, record, verdict)
                ended = f"finished: {loop.run()}"
        except KeyboardInterrupt:
            ended = "stopped"
        except EvolveError:
            _note(run, "stopped")
            discard(run)  # a mistake found before anything was tried leaves nothing behind
            raise
        _note(run, ended)
    summary = read(run)
    if as_json:
        print(json.dumps(summary.to_json(), indent=2))
    else:
        console.print(tables.overview(summary))
    console.print(f"\n{ended.capitalize()}. Everything is kept in {run.path}.")
    console.print(f"  evolve resume {run.path} --budget evaluations=200   go on")
    if summary.best:
        console.print(f"  evolve show {run.path} {summary.best.id}   all about the best")
        console.print(f"  evolve lineage {run.path} {summary.best.id}   where it comes from")
    if ended == "stopped":
        sys.exit(130)


def _proposers(config: Config) -> Iterator[str]:
    for name in config.search.operators:
        yield f"{name} ({config.model.name})" if name == "llm" else name


def _note(run: Run, ended: str) -> None:
    with closing(run.ledger()) as ledger:
        ledger.note(ENDED, ended)


@contextmanager
def terminable() -> Iterator[None]:
    """Lets SIGTERM end a run as cleanly as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
