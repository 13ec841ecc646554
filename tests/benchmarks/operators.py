"""Proposals a second of the blind operators, on one core: `python -m tests.benchmarks.operators`.

Genetic programming is paired with DEAP's on the same shapes: every turn both vary the same tree, or
cross the same two, and spell the child as text. A proposal of ours does more: its parents are read
from the ledger's JSON, and the child is judged as admission would. The aim: 3,000 a second.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import numpy as np
from deap import gp as deap

from evolve.errors import NoProposal
from evolve.operators.gp import Gp
from evolve.operators.gp.grow import LEAF_CHANCE, grow
from evolve.operators.gp.operator import WEIGHTS
from evolve.operators.gp.variation import CROSSINGS, MUTATIONS
from evolve.operators.pangaea import Pangaea
from evolve.operators.ramachandran import Ramachandran
from evolve.operators.random import Random
from evolve.protocols import Operator
from evolve.records import Individual, Selection
from evolve.testing import individual
from evolve.trees.judging import promising
from evolve.trees.translation import graph_of
from evolve.trees.tree import Tree
from sandbox.source import canonical_source
from tests.mirror.evolve.operators.deap_trees import PRIMITIVES, SET, theirs

AIM = 3_000  # GP proposals a second
POPULATION, PROPOSALS, ROUNDS = 200, 1_000, 7


def main() -> None:
    """Prints a line a figure: the best of several rounds, since noise only slows."""
    rng = np.random.default_rng(0)
    trees = _trees(rng)
    population = [_individual(index, tree) for index, tree in enumerate(trees)]
    pairs = [rng.choice(POPULATION, 2, replace=False).tolist() for _ in range(PROPOSALS)]
    jobs: dict[str, Callable[[], None]] = {
        "gp": lambda: _propose(Gp(), population, pairs),
        "gp, varied and spelled": lambda: _vary(trees, pairs),
        "DEAP, varied and spelled": lambda: _vary_as_deap([theirs(tree) for tree in trees], pairs),
        "pangaea": lambda: _propose(Pangaea(), population, pairs),
        "ramachandran": lambda: _propose(Ramachandran(), population, pairs),
        "random": lambda: _propose(Random(), population, pairs),
    }
    best = dict.fromkeys(jobs, 0.0)
    for _ in range(ROUNDS):  # in turn, so that a busy neighbour slows them all
        for name, job in jobs.items():
            best[name] = max(best[name], PROPOSALS / _seconds(job))
    print(f"{'proposals a second on one core':32} {'found':>8}")
    for name, rate in best.items():
        aim = f"   aim {AIM:,}" if name == "gp" else ""
        print(f"{name:32} {rate:>8,.0f}{aim}")
    ratio = best["gp, varied and spelled"] / best["DEAP, varied and spelled"]
    print(f"{'ours over DEAP, varied and spelled':32} {ratio:>8.2f}")


def _trees(rng: np.random.Generator) -> list[Tree]:
    """Grown trees of DEAP's primitives that admission would take, of 4 to 24 nodes."""
    found: list[Tree] = []
    while len(found) < POPULATION:
        tree = grow("T", 5, rng, LEAF_CHANCE, PRIMITIVES)
        if 4 <= tree.size <= 24 and promising(tree) is not None:
            found.append(tree)
    return found


def _individual(index: int, tree: Tree) -> Individual:
    graph = promising(tree)
    assert graph is not None
    return individual(f"t{index}", canonical_source(graph))


def _propose(
    operator: Operator, population: Sequence[Individual], pairs: Sequence[Sequence[int]]
) -> None:
    rng = np.random.default_rng(1)
    for step, (first, second) in enumerate(pairs):
        try:
            operator.propose(Selection(step, 0, (population[first], population[second])), rng)
        except NoProposal:
            continue


def _vary(trees: Sequence[Tree], pairs: Sequence[Sequence[int]]) -> None:
    rng = np.random.default_rng(1)
    for name, (first, second) in zip(_drawn(), pairs, strict=True):
        if name in CROSSINGS:
            child = CROSSINGS[name](trees[first], trees[second], rng)
        else:
            child = MUTATIONS[name](trees[first], rng)
        if child is not None:
            canonical_source(graph_of(child))


def _vary_as_deap(trees: Sequence[deap.PrimitiveTree], pairs: Sequence[Sequence[int]]) -> None:
    random.seed(1)
    for name, (first, second) in zip(_drawn(), pairs, strict=True):
        one = deap.PrimitiveTree(trees[first])
        if name in CROSSINGS:
            one, _ = deap.cxOnePointLeafBiased(one, deap.PrimitiveTree(trees[second]), 0.1)
        elif name in {"hoist", "shrink"}:
            deap.mutShrink(one)
        elif name == "insert":
            deap.mutInsert(one, SET)
        elif name == "subtree":
            deap.mutUniform(one, lambda pset, type_: deap.genGrow(pset, 0, 3, type_), SET)
        else:
            deap.mutNodeReplacement(one, SET)
        str(one)


def _drawn() -> list[str]:
    """The same variations for both, as often as our operator draws them."""
    names, weights = list(WEIGHTS), np.array(list(WEIGHTS.values()))
    drawn = np.random.default_rng(2).choice(len(names), PROPOSALS, p=weights / weights.sum())
    return [names[index] for index in drawn]


def _seconds(job: Callable[[], None]) -> float:
    started = time.process_time()
    job()
    return time.process_time() - started


if __name__ == "__main__":
    main()
