"""What racing saves and what it loses: `python -m tests.benchmarks.racing [--programs 300]`.

Every program is measured on the cheap rungs and in full, and the best of them once more on fresh
seeds, as a search does; then the race is run over the figures, in many orders of arrival. A false
negative is a program of the true top 5 %, by both measurements together, that a rung has stopped.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from evolve.build import measuring
from evolve.config import Config, EvaluatorsTable
from evolve.protocols import Evaluator
from evolve.race import Race
from evolve.records import Admission, Evaluation, Outcome, Record
from tests.benchmarks.programs import diverse

_TOP = 0.05
_LOOKED_AT_AGAIN = 0.15
_ORDERS = 200
_OTHER_SHARES = (0.15, 0.2, 0.25, 0.3)


@dataclass(frozen=True)
class Measured:
    """One program on every rung, and in full last: fitness and seconds of each.

    Attributes:
        truth: its fitness over all seeds that it was measured in full on.
    """

    program: Admission
    fitness: tuple[float, ...]
    seconds: tuple[float, ...]
    truth: float


def main() -> None:
    """Measures, races, and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    config = Config(evaluators=EvaluatorsTable(workers=chosen.workers))
    programs, shares = diverse(chosen.programs), [share for *_, share in config.fitness.rungs]
    with closing(measuring(config)) as evaluator:
        measured = again(evaluator, measure(evaluator, programs, len(shares)))
    print(f"{len(measured)} of {len(programs)} programs measured; the others failed")
    show(measured, shares)


def measure(evaluator: Evaluator, programs: Sequence[Admission], rungs: int) -> list[Measured]:
    """The programs on every rung and in full; a program that fails is left out."""
    asked = [
        [evaluator.submit(each, 0, rung) for rung in (*range(rungs), None)] for each in programs
    ]
    found = []
    for program, futures in zip(programs, asked, strict=True):
        results = [future.result() for future in futures]
        scored = [each for each in results if isinstance(each, Evaluation)]
        if len(scored) == len(results):
            fitness = tuple(each.fitness for each in scored)
            seconds = tuple(each.seconds for each in scored)
            found.append(Measured(program, fitness, seconds, fitness[-1]))
    return found


def again(evaluator: Evaluator, measured: Sequence[Measured]) -> list[Measured]:
    """The best with a truth over fresh seeds, too; whoever fails there is as it was."""
    order = sorted(measured, key=lambda each: -each.truth)
    best = order[: round(_LOOKED_AT_AGAIN * len(order))]
    futures = [evaluator.submit(each.program, 1) for each in best]
    found = []
    for each, future in zip(best, futures, strict=True):
        fresh, seeds = future.result(), Config().fitness.seeds
        if isinstance(fresh, Evaluation):
            pooled = seeds * each.truth + fresh.seeds * fresh.fitness
            found.append(replace(each, truth=pooled / (seeds + fresh.seeds)))
        else:
            found.append(each)
    return found + order[len(best) :]


def show(measured: Sequence[Measured], shares: Sequence[float]) -> None:
    """Prints cost and losses, over many orders of arrival."""
    truth = np.array([each.truth for each in measured])
    full = np.mean([each.seconds[-1] for each in measured])
    top = set(np.argsort(-truth)[: max(1, round(_TOP * len(truth)))].tolist())
    for rung in range(len(shares)):
        early = [each.fitness[rung] for each in measured]
        rank = stats.spearmanr(early, truth).statistic
        share = np.mean([each.seconds[rung] for each in measured]) / full
        print(f"rung {rung}: {share:.3f} of a full measurement, Spearman with it {rank:.2f}")
    print("share that goes on, mean cost (1/3 wanted), of the true top 5 % stopped (5 % wanted)")
    others = [(each,) for each in _OTHER_SHARES if len(shares) == 1]
    for each in (tuple(shares), *others):
        cost, lost = _over_orders(measured, each, top)
        print(f"  {', '.join(map(str, each)):>16}   {cost:.3f}   {lost:.1%}")


def _over_orders(
    measured: Sequence[Measured],
    shares: Sequence[float],
    top: set[int],
) -> tuple[float, float]:
    """The mean cost of a candidate, in full measurements, and the share of the top that is lost."""
    full = np.mean([each.seconds[-1] for each in measured])
    costs, lost = [], []
    for number in range(_ORDERS):
        order = np.random.default_rng(number).permutation(len(measured)).tolist()
        cost, stopped = race(measured, order, shares)
        costs.append(cost / (len(measured) * full))
        lost.append(len(top & set().union(*stopped)) / len(top))
    return float(np.mean(costs)), float(np.mean(lost))


def race(
    measured: Sequence[Measured],
    order: Sequence[int],
    shares: Sequence[float],
) -> tuple[float, list[set[int]]]:
    """Seconds of the newcomers' race, and who of them was stopped on each rung."""
    lane, seconds = Race(shares), 0.0
    stopped: list[set[int]] = [set() for _ in shares]
    for step, index in enumerate(order):
        passed: tuple[float, ...] = ()
        while (rung := lane.rung(passed)) is not None:
            fitness = measured[index].fitness[rung]
            seconds += measured[index].seconds[rung]
            passed = (*passed, fitness)
            if not lane.goes_on(rung, fitness):
                stopped[rung].add(index)
                break
        else:
            seconds += measured[index].seconds[-1]
        lane.absorb(_record(step, passed))
    return seconds, stopped


def _record(step: int, rungs: tuple[float, ...]) -> Record:
    figures = Evaluation(0.0, (0.0, 0.0), {}, {}, 0.0, narrow=False, seeds=1, rungs=rungs)
    return Record(step, "random", 0, Outcome.SCORED, evaluation=figures)


if __name__ == "__main__":
    main()
