"""How often X-Net recovers a formula, and how well it fits it where it does not.

    python -m tests.benchmarks.recovery [--seeds 20] [--seconds 30] [--problems Nguyen-1,Nguyen-2]

Nguyen's twelve problems (Uy et al. 2011), 20 points each on the ranges of Petersen et al. 2021
(arXiv:1912.04871), and three that X-Net's own first trials used. A formula is recovered if, its
constants as they are printed, it is within 1e-6 of the target's deviation on 1,000 fresh points;
R^2 is on these points as well, so that a good fit and a recovery are told apart.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from evolve.operators.xnet.flow import Examples
from evolve.operators.xnet.search import Search
from evolve.operators.xnet.symbols import STANDARD
from evolve.operators.xnet.written import answers, whole

CLOSE = 1e-6
FRESH = 1000


@dataclass(frozen=True)
class Problem:
    """A formula and where its points come from."""

    formula: Callable[..., Any]
    low: float
    high: float
    inputs: int = 1
    points: int = 20

    def rows(self, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Inputs [rows, inputs] and targets [rows]."""
        x = rng.uniform(self.low, self.high, (count, self.inputs))
        return x, np.asarray(self.formula(*x.T))


PROBLEMS = {
    "x^2 + x": Problem(lambda x: x**2 + x, 0, 5, points=100),
    "sin x + cos x": Problem(lambda x: np.sin(x) + np.cos(x), 0, 5, points=100),
    "sin(x^2)": Problem(lambda x: np.sin(x**2), 0, 5, points=100),
    "Nguyen-1": Problem(lambda x: x**3 + x**2 + x, -1, 1),
    "Nguyen-2": Problem(lambda x: x**4 + x**3 + x**2 + x, -1, 1),
    "Nguyen-3": Problem(lambda x: x**5 + x**4 + x**3 + x**2 + x, -1, 1),
    "Nguyen-4": Problem(lambda x: x**6 + x**5 + x**4 + x**3 + x**2 + x, -1, 1),
    "Nguyen-5": Problem(lambda x: np.sin(x**2) * np.cos(x) - 1, -1, 1),
    "Nguyen-6": Problem(lambda x: np.sin(x) + np.sin(x + x**2), -1, 1),
    "Nguyen-7": Problem(lambda x: np.log(x + 1) + np.log(x**2 + 1), 0, 2),
    "Nguyen-8": Problem(np.sqrt, 0, 4),
    "Nguyen-9": Problem(lambda x, y: np.sin(x) + np.sin(y**2), 0, 1, 2),
    "Nguyen-10": Problem(lambda x, y: 2 * np.sin(x) * np.cos(y), 0, 1, 2),
    "Nguyen-11": Problem(lambda x, y: x**y, 0, 1, 2),
    "Nguyen-12": Problem(lambda x, y: x**4 - x**3 + y**2 / 2 - y, 0, 1, 2),
}


def main(names: list[str], seeds: int, seconds: float) -> None:
    """Prints a line a problem."""
    print(f"{'problem':14} {'recovered':>9} {'R^2, median':>12} {'R^2, mean':>10} {'s, median':>9}")
    for name in names:
        problem = PROBLEMS[name]
        errors, spent = zip(*(fit(problem, seed, seconds) for seed in range(seeds)), strict=True)
        found = sum(error < CLOSE**2 for error in errors)
        r2 = 1.0 - np.array(errors)
        print(
            f"{name:14} {f'{found}/{seeds}':>9} {np.median(r2):>12.7f} {np.mean(r2):>10.6f} "
            f"{np.median(spent):>9.1f}",
            flush=True,
        )


def fit(problem: Problem, seed: int, seconds: float) -> tuple[float, float]:
    """Squared error over variance on fresh points, and the seconds that it took."""
    rng = np.random.default_rng(seed)
    examples = Examples.of(*problem.rows(problem.points, rng))
    begun = time.process_time()
    found = Search(examples, STANDARD, rng).run(lambda _: time.process_time() - begun > seconds)
    spent = time.process_time() - begun
    inputs, targets = problem.rows(FRESH, rng)
    with np.errstate(all="ignore"):
        error = float(np.mean((answers(whole(found, examples), inputs.T) - targets) ** 2))
    return (error / float(np.var(targets)) if np.isfinite(error) else np.inf), spent


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--problems", default=",".join(PROBLEMS))
    asked = parser.parse_args()
    main(asked.problems.split(","), asked.seeds, asked.seconds)
