"""Settings to a loop: the only place that names concrete classes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from importlib.metadata import entry_points

from evolve.config import Config, ModelTable
from evolve.errors import ConfigError
from evolve.evaluators.admission import Admissions
from evolve.evaluators.exams import LOCKED, recipe, rungs, split
from evolve.evaluators.references import founders, graph
from evolve.loop import Loop
from evolve.models import connect
from evolve.operators.founders import Founders
from evolve.operators.llm import Llm, Style
from evolve.portfolio import FOUNDERS
from evolve.protocols import Evaluator, Model, Operator
from evolve.runs import Run
from evolve.samplers import Samplers
from evolve.state import State

PLUG_INS = "evolve.operators"
"""The group of entry points that name operators; each is called without arguments."""


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
        if config.fitness.split == LOCKED:
            raise ConfigError(f"[fitness] split = {LOCKED!r}: only `evolve test RUN` opens it")
        split(config.fitness)
        recipe(config.fitness, 0)
        rungs(config.fitness)
        graph(config.fitness.elsewhere)
        operators = _operators(config, model, stack)
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


def _operators(config: Config, model: Model | None, stack: ExitStack) -> dict[str, Operator]:
    plug_ins = entry_points(group=PLUG_INS)
    known = ["llm", *sorted(plug_ins.names)]
    for name in config.search.operators:
        if name not in known:
            there = ", ".join(known)
            raise ConfigError(f"[search] operators: there is no {name!r}; there are: {there}")
    operators: dict[str, Operator] = {}
    for name in config.search.operators:
        if name == "llm":
            asked = model or stack.enter_context(closing(_connected(config.model)))
            operators[name] = _llm(asked, config)
        else:
            operators[name] = plug_ins[name].load()()
    return operators


def _connected(table: ModelTable) -> Model:
    return connect(
        table.name,
        table.base_url,
        temperature=table.temperature,
        max_tokens=table.max_tokens,
        timeout_seconds=table.timeout_seconds,
    )


def _llm(model: Model, config: Config) -> Llm:
    style = config.model.style
    return Llm(
        model,
        Style.suited_to(model) if style == "auto" else Style(style),
        flop_budget=config.sandbox.flops,
        cross_share=config.model.cross_share,
    )


def measuring(config: Config) -> Evaluator:
    """The evaluator that the settings ask for: more than one worker, or a cluster, means Ray."""
    # Imported here: what judges takes a while to load, and processes are starting beside it.
    if config.evaluators.workers == 1 and config.evaluators.address is None:
        from evolve.evaluators.serial import serial

        return serial(config)
    from evolve.evaluators.ray import on_ray

    return on_ray(config)
