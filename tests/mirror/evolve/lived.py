"""Runs that were lived through in no time: a loop without training, and sessions around it."""

from contextlib import closing
from pathlib import Path

from evolve import runs, settings
from evolve.config import Config
from evolve.events import Ended, Listener, Started, absorbed
from evolve.provenance import here
from evolve.report import read
from evolve.runs import Run
from evolve.testing import InstantEvaluator
from tests.mirror.evolve.loops import make_loop


def config(evaluations: int, *more: str) -> Config:
    said = ["search.operators=['gp','random']", "evaluators.ahead=0", *more]
    return settings.read(None, [*settings.budget(f"evaluations={evaluations}"), *said])


def lived(folder: Path, name: str, evaluations: int, *more: str) -> Run:
    """A run of so many evaluations, ended by its budget."""
    run = runs.create(folder, name, config(evaluations, *more))
    go_on(run)
    return run


def heard(run: Run, listener: Listener) -> None:
    """One more session, and all that a listener hears of it."""
    with closing(run.ledger()) as ledger:
        ledger.annals.begin(here(run.config, "suite"))
    loop = make_loop(run, run.config, InstantEvaluator())
    loop.watch = lambda record, verdict: listener(absorbed(loop, record, verdict))
    with closing(loop.ledger):
        listener(Started(run, run.config, loop))
        why = loop.run()
    listener(Ended("finished", why, read(run)))


def go_on(run: Run, suite: str = "suite") -> None:
    """One more session."""
    with closing(run.ledger()) as ledger:
        ledger.annals.begin(here(run.config, suite))
    workers = run.config.evaluators.workers
    loop = make_loop(run, run.config, InstantEvaluator(workers))
    with closing(loop.ledger):
        loop.run()
    run.end("finished")
