"""Settings to a loop: with the roster, the only place that names concrete classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import lru_cache

from evolve.config import Config, EvaluatorsTable, FitnessTable
from evolve.errors import ConfigError, RunError
from evolve.evaluators.admission import Admissions
from evolve.evaluators.exams import LOCKED, digest, recipe, rungs, split
from evolve.evaluators.references import founders, graph
from evolve.evaluators.workshop import LockedWorkshop
from evolve.ledger import Ledger
from evolve.loop import Loop
from evolve.models import LOCAL, configured
from evolve.models.recorded import RecordedModel
from evolve.models.remembering import Remembering
from evolve.operators.founders import Founders
from evolve.pace import LEAST, MOST
from evolve.portfolio import FOUNDERS
from evolve.protocols import Evaluator, Model
from evolve.provenance import differences, here
from evolve.records import Admission, Program, Refusal
from evolve.replay import Replay
from evolve.roster import TRAINING, Roster, models_of
from evolve.runs import Run
from evolve.samplers import Admit, Samplers
from evolve.session import Session
from evolve.state import State

_REMEMBERED = 256  # verdicts of admission


@contextmanager
def build(
    run: Run, config: Config, model: Model | None = None, *, accept_changes: bool = False
) -> Iterator[Loop]:
    """Puts a run together as its ledger left it; ends what was started for it on the way out.

    Args:
        run: the folder.
        config: the settings, which may have a larger budget than the folder's.
        model: asked instead of the one that the settings name, e.g. a recorded one.
        accept_changes: go on although code, settings or suite are others than before.

    Raises:
        ConfigError: an operator or founder does not exist.
        ModelError: the language model cannot be had.
        RunError: something that figures depend on has changed.
    """
    with ExitStack() as stack:
        ledger = stack.enter_context(closing(run.ledger()))
        _demand(config.fitness)
        session = _session(run, ledger, config, accept_changes=accept_changes)
        connected = (lambda _: model) if model else _connecting(config, run, stack)
        parts = _Parts(config, connected, stack)
        ledger.annals.begin(replace(session, isolation=parts.isolation))
        loop = Loop(
            state=State.of(config),
            samplers=parts.samplers,
            evaluator=parts.evaluator,
            ledger=ledger,
            seed=config.search.seed,
            founders=parts.founders,
            ahead=_ahead(config),
            promotes=config.fitness.promotion_seeds > 0,
            asked_to_stop=lambda: run.asked_to_stop,
            remarks=parts.remarks,
        )
        loop.resume()
        yield loop


@contextmanager
def replaying(run: Run) -> Iterator[Replay]:
    """Puts a run together to be done again, one step after another and without any model.

    Raises:
        RunError: there is no such run, or its ledger cannot be read.
    """
    serial = EvaluatorsTable(workers=1, ahead=0)
    config = run.config.model_copy(update={"evaluators": serial})
    with ExitStack() as stack:
        ledger, replies = (stack.enter_context(closing(run.ledger())) for _ in range(2))

        def recorded(name: str) -> Model:
            silent = RecordedModel(name, (), grammars=name.startswith(LOCAL))
            return Remembering(silent, replies.call)

        parts = _Parts(config, recorded, stack)
        yield Replay(
            ledger, State.of(config), parts.samplers, parts.evaluator, config.search.seed,
            parts.founders,
        )  # fmt: skip


class _Parts:
    """What proposes, admits and measures, started; `stack` ends it."""

    def __init__(self, config: Config, connected: Callable[[str], Model], stack: ExitStack) -> None:
        begun = founders(config.search.founders)
        workshop = stack.enter_context(closing(LockedWorkshop(config, TRAINING)))
        roster = Roster(config, connected, self._admitted, workshop)
        operators = roster.engage()
        self.remarks = roster.remarks()
        # Both wait for a process that imports torch: side by side, the search begins sooner.
        # Ray must stay in this thread: its servers end with the thread that started them.
        with ThreadPoolExecutor(1) as beside:
            admitting = beside.submit(Admissions, config.sandbox)
            self.evaluator = stack.enter_context(closing(measuring(config)))
        admissions = stack.enter_context(closing(admitting.result()))
        ahead = _ahead(config)
        self.founders = len(begun)
        self.isolation = admissions.isolation
        # What a model was asked to repair has been admitted when it is sampled.
        self._admit: Admit = lru_cache(_REMEMBERED)(admissions.admit)
        self.samplers = Samplers(
            {FOUNDERS: Founders(begun), **operators},
            self._admit,
            config.search.seed,
            threads=self.evaluator.workers * (1 + (MOST if ahead is None else ahead)),
        )
        stack.enter_context(closing(self.samplers))

    def _admitted(self, source: str) -> tuple[Program, Admission | Refusal]:
        """What admission makes of a program: operators are engaged before it is started."""
        return self._admit(source)


def _ahead(config: Config) -> int | None:
    """Proposals ahead a worker; none for as many as it takes."""
    if config.evaluators.ahead != "auto":
        return config.evaluators.ahead
    # A model on this machine answers one at a time: more questions only wait longer, and what
    # they show of the population grows stale.
    waits_in_line = any(name.startswith(LOCAL) for name in models_of(config))
    return LEAST if waits_in_line else None


def _demand(table: FitnessTable) -> None:
    """Raises ConfigError where nothing could be measured under these settings, or must not be."""
    if table.split == LOCKED:
        raise ConfigError(f"[fitness] split = {LOCKED!r}: only `evolve test RUN` opens it")
    split(table)
    recipe(table, 0)
    rungs(table)
    graph(table.elsewhere)


def _session(run: Run, ledger: Ledger, config: Config, *, accept_changes: bool) -> Session:
    now = here(config, digest(config.fitness))
    before = ledger.annals.sessions()
    changes = differences(before[-1], now) if before else []
    if changes and not accept_changes:
        raise RunError(
            f"{run.path}: what was measured before may not compare with what would be now: "
            f"{'; '.join(changes)}; --accept-changes goes on all the same, and records it"
        )
    return replace(now, accepted=tuple(changes))


def _connecting(config: Config, run: Run, stack: ExitStack) -> Callable[[str], Model]:
    """Connects models by name: what another run paid for is not asked again."""

    def connected(name: str) -> Model:
        model = configured(name, config.model)
        stack.enter_context(closing(model))
        # The samplers' threads read it, while the driver writes through a connection of its own.
        kept = stack.enter_context(closing(run.ledger()))
        return Remembering(model, kept.annals.reply)

    return connected


def measuring(config: Config) -> Evaluator:
    """The evaluator that the settings ask for.

    Raises:
        ConfigError: a cluster or several workers were asked of the serial one, or Ray has no room.
    """
    # Imported here: what judges takes a while to load, and processes are starting beside it.
    table = config.evaluators
    many = table.workers > 1 or table.address is not None
    if table.kind == "serial" and many:
        raise ConfigError(
            '[evaluators] kind = "serial" has one worker, here; want kind = "ray" for '
            f"workers = {table.workers}, address = {table.address!r}"
        )
    if table.kind == "serial" or (table.kind == "auto" and not many):
        from evolve.evaluators.serial import serial

        return serial(config)
    from evolve.evaluators.ray import on_ray

    return on_ray(config)
