"""Drives a run to its end, shows it meanwhile, and says what came of it and what to type next."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress

from rich.console import Console

from evolve.build import build
from evolve.cli.display import Display
from evolve.cli.signals import Signalled, heeding_signals
from evolve.config import Config
from evolve.errors import EvolveError, Paused
from evolve.protocols import Neighbours
from evolve.report import journey, read, tables
from evolve.runs import FINISHED, Run, discard


def drive(
    run: Run,
    config: Config,
    *,
    as_json: bool,
    accept_changes: bool = False,
    neighbours: Neighbours | None = None,
) -> None:
    """Goes on with `run` under the settings `config` until a stop rule holds or it is stopped.

    The process ends with 0 only if a stop rule ended the run; with 1 if no model answers any more;
    after a signal with 128 + its number.
    """
    console = Console(stderr=as_json)
    console.print(f"Run {run.path}: {', '.join(_proposers(config))}")
    code = 0
    with run.driving():
        earlier = len(run.sessions)
        try:
            with (
                heeding_signals() as heed_again,
                Display(console) as display,
                build(run, config, accept_changes=accept_changes) as loop,
            ):
                heed_again()  # Ray has put handlers of its own in the place of ours
                run.keep(config)
                loop.neighbours = neighbours
                loop.watch = lambda record, verdict: display.show(loop, record, verdict)
                for remark in loop.remarks:
                    console.print(remark, highlight=False, markup=False)
                ended = f"{FINISHED}: {loop.run()}"
        except Signalled as signalled:
            code = signalled.code
            ended = f"stopped by {signalled.name}"
        except Paused as paused:
            code = 1
            ended = f"paused, for no model is left to ask: {paused}"
        except EvolveError:
            with suppress(EvolveError):  # what cannot be written now was told already
                run.end("stopped by an error", after=earlier)
                discard(run)  # a mistake found before anything was tried leaves nothing behind
            raise
        run.end(ended, after=earlier)
    _tell(run, ended, console, as_json=as_json)
    if code:
        sys.exit(code)


def _tell(run: Run, ended: str, console: Console, *, as_json: bool) -> None:
    summary = read(run)
    if as_json:
        print(json.dumps(summary.to_json(), indent=2))
    else:
        console.print(tables.overview(summary))
    console.print(f"\n{ended[0].upper()}{ended[1:]}. Everything is kept in {run.path}.")
    console.print(journey.onward(summary), soft_wrap=True)


def _proposers(config: Config) -> Iterator[str]:
    for name in config.search.operators:
        yield f"{name} ({config.model.name})" if name == "llm" else name
