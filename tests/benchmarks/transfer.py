"""Does a search fitness carry over to families that no search has seen?

`python -m tests.benchmarks.transfer [--programs 150] [--suite NAME ...]` measures diverse programs
on a suite's search and valid splits, and prints how well the one foretells the other.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing

import numpy as np
from jaxtyping import Float64
from scipy import stats

from evolve.build import measuring
from evolve.config import Config, EvaluatorsTable, FitnessTable
from evolve.records import Admission, Evaluation
from tests.benchmarks.programs import diverse

_TOP = 0.1
Figures = Float64[np.ndarray, " programs"]


def main() -> None:
    """Measures, and prints the figures of each suite."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=150)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--suite", nargs="+", default=["lab", "drawn"])
    chosen = parser.parse_args()
    programs = diverse(chosen.programs)
    for suite in chosen.suite:
        splits = [figures(suite, split, programs, chosen.workers) for split in ("search", "valid")]
        show(suite, *splits)


def figures(suite: str, split: str, programs: Sequence[Admission], workers: int) -> Figures:
    """The fitness of every program in full; a program that fails has the worst there is."""
    config = Config(
        fitness=FitnessTable(suite=suite, split=split),
        evaluators=EvaluatorsTable(workers=workers),
    )
    with closing(measuring(config)) as evaluator:
        results = [each.result() for each in [evaluator.submit(p, 0) for p in programs]]
    return np.array([each.fitness if isinstance(each, Evaluation) else -1.0 for each in results])


def show(suite: str, search: Figures, valid: Figures) -> None:
    """Prints the correlation, and what is left of the best's gain over the typical program."""
    rank = stats.spearmanr(search, valid).statistic
    top = np.argsort(-search)[: max(1, round(_TOP * len(search)))]
    ahead = [each[top].mean() - np.median(each) for each in (search, valid)]
    print(f"{suite}: Spearman of search with valid fitness over {len(search)} programs {rank:.2f}")
    print(f"  top decile of the search, over the median: {ahead[0]:+.3f}; on valid {ahead[1]:+.3f}")
    print(f"  share left on valid: {ahead[1] / ahead[0]:.2f}")
    print(f"  against GELU: search {search[top].mean():+.3f}, valid {valid[top].mean():+.3f}")


if __name__ == "__main__":
    main()
