"""What may be said about an activation, given its losses and those of two references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np

from fitness import scores, statistics
from fitness.chance import stream
from fitness.comparison import DRAWS, compare, gain_intervals, interval, is_narrow, resampled, tune
from fitness.errors import FitnessError
from fitness.losses import Losses
from fitness.task import NO_SHIFT

T = TypeVar("T")


@dataclass(frozen=True)
class Judgement:
    """An activation against GELU.

    Attributes:
        fitness: 0 is GELU, higher is better; see `scores.FORMULA_TEXT`.
        interval: 95 %, from a bootstrap over tasks and seeds: for tasks like these.
        seed_interval: 95 %, over seeds alone: for these very tasks.
        gains: by "task/shift", clipped, before the gate.
        gain_intervals: 95 % of each gain, over seeds.
        scores: by "task/shift", in [0, 1], for people.
        learning_rates: chosen, by task.
        edges: tasks whose chosen rate is the lowest or highest of the grid.
        gated: tasks whose out-of-distribution credit is withheld.
        failed_share: of all nets, those with a loss that is not a number.
        narrow: the fitness is above 0, and would not be without its two best tasks.
    """

    fitness: float
    interval: tuple[float, float]
    seed_interval: tuple[float, float]
    gains: Mapping[str, float]
    gain_intervals: Mapping[str, tuple[float, float]]
    scores: Mapping[str, float]
    learning_rates: Mapping[str, float]
    edges: tuple[str, ...]
    gated: tuple[str, ...]
    failed_share: float
    narrow: bool

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        table = asdict(self)
        return {name: list(v) if isinstance(v, tuple) else v for name, v in table.items()}


def judge(losses: Losses, reference: Losses, linear: Losses) -> Judgement:
    """The judgement on a candidate.

    Args:
        losses: the candidate's.
        reference: GELU's, in the same round.
        linear: the linear control's (`losses.linear_predictor`), in the same round.

    Raises:
        FitnessError: the three were not measured alike.
    """
    _demand_alike(losses, reference, "the reference")
    _demand_alike(losses, linear, "the linear control")
    pairs = compare(losses, reference, linear)
    inside, outside = scores.clipped_gain(pairs.inside), scores.clipped_gain(pairs.outside)
    credited = scores.gated(outside, pairs.shut)
    parts = scores.contributions(inside, credited, pairs.families, pairs.ood_weight)
    tuned = [tune(task) for task in losses.tasks]
    names = [task.task for task in losses.tasks]
    grid = losses.recipe.learning_rates
    rng = stream("interval", losses.suite, losses.split, losses.round_number)
    over_both = interval(
        pairs, resampled(pairs, rng), statistics.task_resamples(rng, DRAWS, len(names))
    )
    over_seeds = resampled(pairs, rng)
    return Judgement(
        fitness=float(parts.sum()),
        interval=over_both,
        seed_interval=interval(pairs, over_seeds),
        gains=_by_shift(losses, inside.tolist(), outside.tolist()),
        gain_intervals=_by_shift(losses, *map(gain_intervals, over_seeds)),
        scores=_by_shift(
            losses,
            [scores.score(each.inside) for each in tuned],
            [scores.score(each.outside) for each in tuned],
        ),
        learning_rates={n: grid[each.rate] for n, each in zip(names, tuned, strict=True)},
        edges=tuple(
            n for n, each in zip(names, tuned, strict=True) if each.rate in {0, len(grid) - 1}
        ),
        gated=tuple(n for n, shut in zip(names, pairs.shut, strict=True) if shut),
        failed_share=_failed_share(losses),
        narrow=is_narrow(parts.tolist()),
    )


def _by_shift(losses: Losses, inside: Sequence[T], outside: Sequence[T]) -> dict[str, T]:
    table: dict[str, T] = {}
    for task, within, beyond in zip(losses.tasks, inside, outside, strict=True):
        table[f"{task.task}/{NO_SHIFT}"] = within
        table[f"{task.task}/{task.shift}"] = beyond
    return table


def _failed_share(losses: Losses) -> float:
    failed = [np.isinf(task.inside) | np.isinf(task.outside) for task in losses.tasks]
    return float(np.mean(failed))


def _demand_alike(losses: Losses, other: Losses, what: str) -> None:
    for aspect, own, seen in (
        ("suite", losses.suite, other.suite),
        ("split", losses.split, other.split),
        ("round", losses.round_number, other.round_number),
        ("recipe", losses.recipe, other.recipe),
        ("tasks", [t.task for t in losses.tasks], [t.task for t in other.tasks]),
    ):
        if own != seen:
            raise FitnessError(
                f"the candidate was measured with {aspect} {own}, but {what} with {seen}; "
                "measure both alike"
            )
