"""What a run would ask its models before it has begun, and what that would cost at most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evolve.calls import Price
from evolve.config import Config
from evolve.evaluators.admission import Admissions
from evolve.evaluators.exams import split
from evolve.evaluators.references import founders
from evolve.models import price_of, window_of
from evolve.operators.llm import Kind, Phrasing, Style
from evolve.portfolio import is_blind, is_model, role_of
from evolve.records import Admission, Evaluation, Individual, Message, Selection
from evolve.roster import check_names, model_of

REFERENCE = "GELU"
CHARACTERS = 3.6
"""Of English and code to a token, about: byte-pair encodings of 2024 have 3.5 to 4."""


@dataclass(frozen=True)
class Rehearsed:
    """One kind of question as it would be put.

    Attributes:
        read: tokens of the question, about.
    """

    operator: str
    model: str
    kind: Kind
    messages: tuple[Message, ...]

    @property
    def read(self) -> int:
        """Tokens of the question, about."""
        return round(sum(len(each.content) for each in self.messages) / CHARACTERS)


@dataclass(frozen=True)
class Estimate:
    """What a model would cost if it made every proposal of a run: at most, but for repairs.

    Attributes:
        calls: questions.
        read: tokens of all questions, about.
        written: tokens of all replies, were each as long as it may be.
        longest: tokens of the longest question, about.
        window: tokens that the model can read; none if that is not known.
        price: none if it is not known.
    """

    model: str
    calls: int
    read: int
    written: int
    longest: int
    window: int | None
    price: Price | None

    @property
    def dollars(self) -> float | None:
        """What that would cost; none if the price is not known."""
        if self.price is None:
            return None
        return self.read * self.price.read + self.written * self.price.written


def reference(config: Config, admissions: Admissions) -> Individual:
    """GELU as a parent: every gain of it is 0 by definition, so nothing has to be trained."""
    source = founders((REFERENCE,))[REFERENCE]
    program, admission = admissions.admit(source)
    assert isinstance(admission, Admission)  # noqa: S101  (the textbook is admitted)
    tasks = split(config.fitness).tasks
    gains = {f"{task.name}/{shift}": 0.0 for task in tasks for shift in task.shifts}
    evaluation = Evaluation(
        fitness=0.0, interval=(0.0, 0.0), gains=gains, scores=gains, failed=0.0, narrow=False,
        seeds=config.fitness.seeds,
    )  # fmt: skip
    return Individual(program, admission, evaluation)


def rehearse(config: Config, parent: Individual) -> Iterator[Rehearsed]:
    """Every kind of question that the run's operators would begin with, with `parent` for parents.

    Raises:
        ConfigError: an operator does not exist, or a template cannot be filled.
    """
    check_names(config.search.operators)
    phrasing = Phrasing(config.sandbox.flops, config.model.tells)
    selection = Selection(0, 0, parents=(parent, parent), inspirations=(parent,))
    for operator in filter(is_model, config.search.operators):
        model = model_of(operator, config)
        in_full = config.model.model_copy(update={"name": model}).is_told_in_full
        for kind in _kinds(operator, config, in_full=in_full):
            full = in_full or kind in (Kind.SIMPLIFY, Kind.POLISH)
            style = Style.FULL if full else Style.FEW_SHOT
            yield Rehearsed(operator, model, kind, phrasing.ask(style, kind, selection))


def estimates(config: Config, rehearsed: list[Rehearsed]) -> Iterator[Estimate]:
    """What each model would cost at most, if the run's limit on evaluations ends it."""
    trials = config.budget.evaluations or 0
    for model in dict.fromkeys(each.model for each in rehearsed):
        own = [each for each in rehearsed if each.model == model]
        calls = trials if config.budget.calls is None else min(trials, config.budget.calls)
        price = price_of(model, config.model.base_url)
        longest = max(each.read for each in own)
        written = calls * config.model.max_tokens
        window = window_of(model, config.model.base_url)
        yield Estimate(model, calls, calls * longest, written, longest, window, price)


def _kinds(operator: str, config: Config, *, in_full: bool) -> Iterator[Kind]:
    if is_blind(operator):
        yield Kind.INVENT
        return
    role = role_of(operator)
    yield from [Kind(role)] if role else [Kind.VARY, Kind.CROSS]
    if config.search.control_share and not role:
        yield Kind.INVENT
    if in_full and config.model.memory_every:
        yield Kind.DIGEST
