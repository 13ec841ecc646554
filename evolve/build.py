"""Settings to a loop: with the roster, the only place that names concrete classes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager

from evolve.config import Config
from evolve.errors import ConfigError
from evolve.evaluators.admission import Admissions
from evolve.evaluators.exams import recipe, split
from evolve.evaluators.references import founders
from evolve.ledger import Ledger
from evolve.loop import Loop
from evolve.operators.founders import Founders
from evolve.portfolio import FOUNDERS
from evolve.protocols import Evaluator, Model
from evolve.roster import Roster
from evolve.runs import Run
from evolve.samplers import Samplers
from evolve.state import State

OPERATORS = "operators"  # the note that says who proposes in this run


@contextmanager
def build(run: Run, config: Config, model: Model | None = None) -> Iterator[Loop]:
    """Puts a run together as its ledger left it; ends what was started for it on the way out.

    Args:
        run: the folder.
        config: the settings, which may have a larger budget than the folder's.
        model: asked instead of the one that the settings name, e.g. a recorded one.

    Raises:
        ConfigError: an operator or founder does not exist.
        ModelError: the language model cannot be had.
    """
    with ExitStack() as stack:
        ledger = stack.enter_context(closing(run.ledger()))
        begun = founders(config.search.founders)
        split(config.fitness)
        recipe(config.fitness, 0)
        _check_operators(ledger, config)
        operators = Roster(config, stack, model).engage()
        # Both wait for a process that imports torch: side by side, the search begins sooner.
        # Ray must stay in this thread: its servers end with the thread that started them.
        with ThreadPoolExecutor(1) as beside:
            admitting = beside.submit(Admissions, config.sandbox)
            evaluator = stack.enter_context(closing(measuring(config)))
        admissions = stack.enter_context(closing(admitting.result()))
        samplers = Samplers(
            {FOUNDERS: Founders(begun), **operators},
            admissions.admit,
            config.search.seed,
            threads=evaluator.workers * (1 + config.evaluators.ahead),
        )
        stack.enter_context(closing(samplers))
        ledger.note("isolation", admissions.isolation)
        loop = Loop(
            state=State.of(config),
            samplers=samplers,
            evaluator=evaluator,
            ledger=ledger,
            seed=config.search.seed,
            founders=len(begun),
            ahead=config.evaluators.ahead,
            promotes=config.fitness.promotion_seeds > 0,
        )
        loop.resume()
        yield loop


def _check_operators(ledger: Ledger, config: Config) -> None:
    """Keeps who proposes in a run's ledger, and what else was meant to out of it.

    Raises:
        ConfigError: the run was begun with others.
    """
    names = ",".join(config.search.operators)
    begun = ledger.notes().get(OPERATORS)
    if begun is None:
        ledger.note(OPERATORS, names)
    elif begun != names:
        raise ConfigError(
            f"[search] operators: this run was begun with {begun}, not {names}; put them back into "
            "its settings.toml, or begin another run"
        )


def measuring(config: Config) -> Evaluator:
    """The evaluator that the settings ask for: more than one worker, or a cluster, means Ray."""
    # Imported here: what judges takes a while to load, and processes are starting beside it.
    if config.evaluators.workers == 1 and config.evaluators.address is None:
        from evolve.evaluators.serial import serial

        return serial(config)
    from evolve.evaluators.ray import on_ray

    return on_ray(config)
