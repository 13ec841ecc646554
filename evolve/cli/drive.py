"""Drives a run to its end, and lets all who listen hear of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress

from rich.console import Console

from evolve.build import build
from evolve.cli.display import Display
from evolve.cli.signals import Signalled, heeding_signals
from evolve.config import Config
from evolve.errors import EvolveError, Paused
from evolve.evaluators.exams import families
from evolve.events import ENDINGS, Ended, Event, Listener, Started, absorbed
from evolve.protocols import Neighbours
from evolve.report import read
from evolve.runs import FINISHED, Run, discard
from evolve.tracking import Tracking


def drive(
    run: Run,
    config: Config,
    trackers: Sequence[Tracking] = (),
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
    with ExitStack() as stack:
        display = Display(console, brief=neighbours is not None)
        listeners: list[Listener] = [stack.enter_context(display)]
        listeners += [stack.enter_context(each) for each in trackers]
        if as_json:
            listeners.append(_print_line)

        def tell(event: Event) -> None:
            for listener in listeners:
                listener(event)

        how, why, code = _search(run, config, tell, neighbours, accept_changes=accept_changes)
        tell(Ended(how, why, read(run, families=families(config.fitness))))
    if code:
        sys.exit(code)


def _search(
    run: Run,
    config: Config,
    tell: Listener,
    neighbours: Neighbours | None,
    *,
    accept_changes: bool,
) -> tuple[str, str, int]:
    """How and why the session ended, and the exit code."""
    code = 0
    with run.driving():
        earlier = len(run.sessions)
        try:
            with (
                heeding_signals() as heed_again,
                build(run, config, accept_changes=accept_changes) as loop,
            ):
                heed_again()  # Ray has put handlers of its own in the place of ours
                run.keep(config)
                loop.neighbours = neighbours
                tell(Started(run, config, loop))
                loop.watch = lambda record, verdict: tell(absorbed(loop, record, verdict))
                how, why = FINISHED, loop.run()
        except Signalled as signalled:
            how, why, code = "stopped", signalled.name, signalled.code
        except Paused as paused:
            how, why, code = "paused", str(paused), 1
        except EvolveError:
            with suppress(EvolveError):  # what cannot be written now was told already
                run.end(ENDINGS["stopped"].format("an error"), after=earlier)
                discard(run)  # a mistake found before anything was tried leaves nothing behind
            raise
        run.end(ENDINGS[how].format(why), after=earlier)
    return how, why, code


def _print_line(event: Event) -> None:
    # Through rich, which ends the process when nobody reads any more.
    Console().out(json.dumps(event.to_json()), highlight=False)


def _proposers(config: Config) -> Iterator[str]:
    for name in config.search.operators:
        yield f"{name} ({config.model.name})" if name == "llm" else name
