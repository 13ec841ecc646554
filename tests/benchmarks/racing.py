"""What racing saves and what it loses: `python -m tests.benchmarks.racing [--programs 300]`.

Every program is measured on the cheap rungs and in full; then the race is run over the figures, in
many orders of arrival, behind the textbook activations that every search begins with. A false
negative is a program of the true top 5 % that a rung has stopped.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from scipy import stats

from evolve.build import measuring
from evolve.config import Config, EvaluatorsTable
from evolve.evaluators.references import founders, graph
from evolve.protocols import Evaluator
from evolve.race import Race
from evolve.records import Admission, Evaluation, Outcome, Record
from evolve.testing import admission
from tests.benchmarks.programs import diverse

_TOP = 0.05
_ORDERS = 200
_OTHER_SHARES = (0.2, 0.25, 0.3, 0.35)


@dataclass(frozen=True)
class Measured:
    """One program on every rung, and in full last: fitness and seconds of each."""

    fitness: tuple[float, ...]
    seconds: tuple[float, ...]


def main() -> None:
    """Measures, races, and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    config = Config(evaluators=EvaluatorsTable(workers=chosen.workers))
    programs, rungs = diverse(chosen.programs), len(config.fitness.rung_shares)
    with closing(measuring(config)) as evaluator:
        textbook = measure(evaluator, [_admitted(name) for name in founders(())], rungs)
        measured = measure(evaluator, programs, rungs)
    print(f"{len(measured)} of {len(programs)} programs measured; the others failed")
    show(measured, textbook, config.fitness.rung_shares)


def _admitted(name: str) -> Admission:
    return admission("", graph=graph(name))


def measure(evaluator: Evaluator, programs: Sequence[Admission], rungs: int) -> list[Measured]:
    """The programs on every rung and in full; a program that fails is left out."""
    asked = [
        [evaluator.submit(each, 0, rung) for rung in (*range(rungs), None)] for each in programs
    ]
    found = []
    for futures in asked:
        results = [future.result() for future in futures]
        scored = [each for each in results if isinstance(each, Evaluation)]
        if len(scored) == len(results):
            fitness = tuple(each.fitness for each in scored)
            found.append(Measured(fitness, tuple(each.seconds for each in scored)))
    return found


def show(
    measured: Sequence[Measured], textbook: Sequence[Measured], shares: Sequence[float]
) -> None:
    """Prints cost and losses, over many orders of arrival."""
    truth = np.array([each.fitness[-1] for each in measured])
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
        cost, lost = _over_orders(measured, textbook, each, top)
        print(f"  {', '.join(map(str, each)):>16}   {cost:.3f}   {lost:.1%}")


def _over_orders(
    measured: Sequence[Measured],
    textbook: Sequence[Measured],
    shares: Sequence[float],
    top: set[int],
) -> tuple[float, float]:
    """The mean cost of a candidate, in full measurements, and the share of the top that is lost."""
    full = np.mean([each.seconds[-1] for each in measured])
    costs, lost = [], []
    for number in range(_ORDERS):
        order = np.random.default_rng(number).permutation(len(measured)).tolist()
        cost, stopped = race(measured, order, textbook, shares)
        costs.append(cost / (len(measured) * full))
        lost.append(len(top & set().union(*stopped)) / len(top))
    return float(np.mean(costs)), float(np.mean(lost))


def race(
    measured: Sequence[Measured],
    order: Sequence[int],
    textbook: Sequence[Measured],
    shares: Sequence[float],
) -> tuple[float, list[set[int]]]:
    """Seconds of the newcomers' race, and who of them was stopped on each rung."""
    lane, seconds = Race(shares), 0.0
    for step, founder in enumerate(textbook):
        lane.absorb(_record(step, founder.fitness[:-1]))
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
