"""Which operator goes next: by what its proposals earned for what they cost, or by fixed weights.

A bandit with unequal costs, where the best arm is the one with the largest ratio of expected reward
to expected cost: budgeted Thompson sampling (Xia, Li, Qin, Yu, Liu 2015, arXiv:1505.00146). A
language model is an arm like any other, and several models are several arms (`llm@NAME`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from evolve.bench import Bench
from evolve.config import SearchTable
from evolve.errors import ConfigError
from evolve.records import Record, Verdict

FOUNDERS = "founders"
PROMOTION = "promotion"
NEIGHBOURS = "neighbours"
"""Trials of programs that another driver found (`evolve run --islands-on`)."""

RANDOM, LLM = "random", "llm"
ROLES = ("llm-vary", "llm-cross", "llm-simplify", "llm-polish")
"""A model asked for one kind of thing alone; `llm` varies and crosses."""

BLIND = "blind-"
"""`blind-gp` is `gp` asked for a program out of nothing."""

PROPOSING = 0.02
"""What a trial costs that trains nothing, in evaluations: its admission."""


@dataclass
class Tally:
    """What came of one operator's trials so far, and what they cost.

    Attributes:
        improved: first in its niche, or better than the niche's elite.
        paid: improved, and fitter than the mean of all that was scored before.
        trained: evaluations spent, failures included.
        seconds: wall time of proposing and of training.
        cost: all of it in evaluations, as the portfolio counts.
    """

    asked: int = 0
    proposed: int = 0
    admitted: int = 0
    duplicate: int = 0
    scored: int = 0
    improved: int = 0
    paid: int = 0
    trained: int = 0
    tokens: int = 0
    dollars: float = 0.0
    seconds: float = 0.0
    cost: float = 0.0


@dataclass
class Portfolio:
    """Asks the operator whose draw of reward over cost is the highest.

    The reward is the share of trials that paid: an elite fitter than the mean so far, since an
    empty niche alone is easily filled. It is drawn from its posterior under the prior Beta(1, 1),
    so that bad operators are asked rarely, never not at all; cost is the mean cost of a trial.

    A small share of trials goes to the controls, whatever they earn. Who asks a model that sits out
    is passed over, unless everybody does.

    Raises:
        ConfigError: weights are not one for each operator, negative, or all zero.
    """

    table: SearchTable
    tallies: dict[str, Tally] = field(default_factory=dict)
    bench: Bench = field(default_factory=Bench)

    def __post_init__(self) -> None:
        check_weights(self.table.weights, self.table.operators)

    def choose(self, rng: np.random.Generator) -> str:
        """Name of the operator for the next trial."""
        names, controls = self._awake(self.table.operators), self._awake(controls_of(self.table))
        if controls and rng.random() < self.table.control_share:
            return controls[int(rng.integers(len(controls)))]
        if self.table.weights:
            weights = dict(zip(self.table.operators, self.table.weights, strict=True))
            shares = np.array([weights[name] for name in names])
            return names[int(rng.choice(len(names), p=shares / shares.sum()))]
        return names[0] if len(names) == 1 else max(names, key=lambda name: self._draw(name, rng))

    @property
    def silent(self) -> bool:
        """Whether all that propose ask models, and all of these sit out."""
        models = [model_asked(name) for name in self.table.operators]
        return all(model is not None and self.bench.sits_out(model) for model in models)

    def credit(self, record: Record, verdict: Verdict, mean: float) -> None:
        """Notes how the trial of `record` turned out, when the mean fitness was `mean`."""
        self.bench.note(model_asked(record.operator), record)
        tally = self.tallies.setdefault(record.operator, Tally())
        tally.asked += 1
        tally.proposed += record.program is not None
        tally.admitted += record.admission is not None
        tally.duplicate += record.outcome == "duplicate"
        tally.scored += record.individual is not None
        tally.improved += verdict is not Verdict.REJECTED
        fit = record.evaluation is not None and record.evaluation.fitness > mean
        tally.paid += fit and verdict is not Verdict.REJECTED
        tally.trained += record.outcome.trained
        tally.tokens += record.tokens
        tally.dollars += record.dollars
        tally.seconds += record.seconds + (record.evaluation.seconds if record.evaluation else 0.0)
        # No clock in it: two runs with one seed ask the same operators. What has a price is charged
        # in dollars, what has none in tokens.
        unpriced = sum(call.tokens for call in record.calls if not call.dollars)
        tally.cost += (
            PROPOSING
            + record.outcome.trained
            + unpriced / self.table.tokens_per_evaluation
            + record.dollars / self.table.dollars_per_evaluation
        )

    def _awake(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those whose model does not sit out; all of them, if that would be nobody of weight."""
        awake = tuple(
            name
            for name in names
            if (model := model_asked(name)) is None or not self.bench.sits_out(model)
        )
        if len(awake) == len(names):
            return names
        weights = dict(zip(self.table.operators, self.table.weights, strict=False))
        return awake if any(weights.get(name, 1.0) for name in awake) else names

    def _draw(self, name: str, rng: np.random.Generator) -> float:
        tally = self.tallies.get(name, Tally())
        reward = rng.beta(1 + tally.paid, 1 + tally.asked - tally.paid)
        # One more trial at the price of an evaluation: the prior of a cost that is not known yet.
        return float(reward / ((1 + tally.cost) / (1 + tally.asked)))


def controls_of(table: SearchTable) -> tuple[str, ...]:
    """The control arms of a run: blind draws, and every language model asked without parents."""
    if not table.control_share:
        return ()
    models = (name for name in table.operators if is_model(name) and not role_of(name))
    arms = (RANDOM, *(f"{BLIND}{name}" for name in models))
    return tuple(name for name in arms if name not in table.operators)


def is_model(name: str) -> bool:
    """Whether an operator of this name asks a language model."""
    base = name.removeprefix(BLIND).partition("@")[0]
    return base == LLM or base in ROLES


def model_asked(name: str) -> str | None:
    """The model that an operator of this name asks: empty for the run's own, none if none."""
    return name.partition("@")[2] if is_model(name) else None


def role_of(name: str) -> str:
    """What an operator such as `llm-simplify@MODEL` asks its model for; empty for `llm`."""
    base = name.removeprefix(BLIND).partition("@")[0]
    return base.removeprefix(f"{LLM}-") if base in ROLES else ""


def is_blind(name: str) -> bool:
    """Whether an operator of this name looks at no parents."""
    return name == RANDOM or name.startswith(BLIND)


def check_weights(weights: tuple[float, ...], names: tuple[str, ...]) -> None:
    """Makes sure that weights can be shares.

    Raises:
        ConfigError: they are not one for each operator, negative, or all zero.
    """
    if not weights:
        return
    said = f"[search] weights = {list(weights)}"
    if len(weights) != len(names):
        raise ConfigError(
            f"{said}: wanted one for each of the {len(names)} operators {', '.join(names)}"
        )
    if not all(np.isfinite(each) and each >= 0 for each in weights):
        raise ConfigError(f"{said}: wanted numbers from 0 on; 0 is never asked")
    if not any(weights):
        raise ConfigError(f"{said}: wanted one above 0, or nobody would be asked")
