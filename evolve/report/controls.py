"""Did evolution help, did the language model help? A run's controls answer, and its pre-screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from evolve.portfolio import FOUNDERS, is_blind, is_model
from evolve.records import Evaluation, Record
from evolve.report.statistics import Estimate, contrast
from evolve.screening import Screening, screening

FEWEST = 5  # on either side, below which no answer is given
FIT = 0.75  # the quantile of fitness from which a program counts as fit


@dataclass(frozen=True)
class Answer:
    """What a control says.

    Attributes:
        question: in words.
        first, second: how many scored programs of either kind there are.
        superiority: chance that one of the first kind is fitter than one of the second.
    """

    question: str
    first: int
    second: int
    superiority: Estimate

    @property
    def verdict(self) -> str:
        """Yes or no where the interval is on one side of an even chance."""
        if min(self.first, self.second) < FEWEST:
            return "too few to tell"
        if self.superiority.low > 0.5:
            return "yes"
        return "no" if self.superiority.high < 0.5 else "cannot be told"


@dataclass(frozen=True)
class Misses:
    """What a pre-screen would have lost, measured on what it let through unscreened.

    Attributes:
        unscreened: programs scored that went through whatever their rank.
        fit: those in the fittest quarter of them.
        dropped: of the fit, how many the screen would have dropped.
        blind: the share that a blind screen would drop.
    """

    unscreened: int
    fit: int
    dropped: int
    blind: float

    @property
    def rate(self) -> float:
        """The share of fit programs that the screen would have dropped."""
        return self.dropped / self.fit


def answers(records: Iterable[Record]) -> tuple[Answer, ...]:
    """What the trials of a run say; only questions that some trial speaks to."""
    scored = [
        (record, _alike(record.evaluation))
        for record in records
        if record.evaluation and not record.round and record.operator != FOUNDERS
    ]
    varied = [fitness for record, fitness in scored if record.parents]
    blind = [fitness for record, fitness in scored if is_blind(record.operator)]
    told = [fitness for record, fitness in scored if is_model(record.operator) and record.parents]
    untold = [
        fitness
        for record, fitness in scored
        if is_model(record.operator) and is_blind(record.operator)
    ]
    others = [f for record, f in scored if record.parents and not is_model(record.operator)]
    asked = (
        ("Did evolution help? A varied program against a blind one", varied, blind),
        ("Did the language model help? Its variation against another's", told, others),
        ("Did parents help the language model? With them against without", told, untold),
    )
    return tuple(_answer(*each) for each in asked if min(len(each[1]), len(each[2])) > 1)


def misses(records: Iterable[Record]) -> Misses | None:
    """How much a pre-screen misses; None where nothing was let through unscreened."""
    found: list[tuple[Screening, float]] = []
    for record in records:
        seen = screening(record.note)
        if seen is not None and seen.unscreened and record.evaluation and not record.round:
            found.append((seen, _alike(record.evaluation)))
    if not found:
        return None
    bar = float(np.quantile([fitness for _, fitness in found], FIT))
    fit = [seen for seen, fitness in found if fitness >= bar]
    return Misses(
        unscreened=len(found),
        fit=len(fit),
        dropped=sum(seen.rank > 1 for seen in fit),
        blind=float(np.mean([1 - 1 / seen.width for seen in fit])),
    )


def _alike(evaluation: Evaluation) -> float:
    """The figure that every program has, measured alike: the first rung's, in a race."""
    return evaluation.rungs[0] if evaluation.rungs else evaluation.fitness


def _answer(question: str, first: Sequence[float], second: Sequence[float]) -> Answer:
    return Answer(question, len(first), len(second), contrast(first, second).superiority)
