"""How well X-Net fits formulas, and how often it recovers them (arXiv:2401.01772)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from evolve.operators.xnet.flow import Examples
from evolve.operators.xnet.search import Search
from evolve.operators.xnet.symbols import STANDARD
from evolve.operators.xnet.written import answers, numbers, whole
from evolve.report.sheets import Sheet
from evolve.report.statistics import mean
from evolve.studies.study import Claim, Found, Given, Study, decided, lacking, rule

CLAIMED = 0.985
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


@dataclass(frozen=True)
class Size:
    """Fits of a problem, each on points of its own, and the most epochs of one (100: some 30 s)."""

    seeds: int
    epochs: int


def _plan(size: Size, given: Given) -> Mapping[str, Callable[[], Any]]:
    return {
        f"{name}, {seed}": partial(_fit, PROBLEMS[name], seed, size.epochs)
        for seed in range(size.seeds)
        for name in PROBLEMS
    }


def _fit(problem: Problem, seed: int, epochs: int) -> dict[str, float]:
    """R^2 on fresh points, at least 0, of the formula as it is printed; and its numbers."""
    rng = np.random.default_rng(seed)
    examples = Examples.of(*problem.rows(problem.points, rng))
    tree = whole(Search(examples, STANDARD, rng).run(lambda done: done >= epochs), examples)
    inputs, targets = problem.rows(FRESH, rng)
    with np.errstate(all="ignore"):
        error = float(np.mean((answers(tree, inputs.T) - targets) ** 2) / np.var(targets))
    if not error < 1.0:
        error = 1.0
    return {"error": error, "numbers": numbers(tree)}


def _of(found: Found, figure: str) -> np.ndarray:
    """A figure of every fit: [problems, seeds]."""
    seeds = len(found) // len(PROBLEMS)
    return np.array(
        [[found[f"{name}, {seed}"][figure] for seed in range(seeds)] for name in PROBLEMS]
    )


def _recovered(found: Found) -> np.ndarray:
    return np.asarray(_of(found, "error") < CLOSE**2)


def _sheets(found: Found) -> Sequence[Sheet]:
    fitted, recovered, count = 1.0 - _of(found, "error"), _recovered(found), _of(found, "numbers")
    rows = tuple(
        (
            name,
            f"{recovered[place].sum()} of {recovered.shape[1]}",
            f"{np.median(fitted[place]):.7f}",
            f"{fitted[place].mean():.6f}",
            f"{count[place].mean():.1f}",
        )
        for place, name in enumerate(PROBLEMS)
    )
    columns = ("problem", "recovered", "R^2, median", "R^2, mean", "numbers")
    remark = (
        f"Recovered: within {CLOSE:g} of the target's deviation on {FRESH:,} fresh points, the "
        "constants as printed; numbers: constants in the formula, a mean."
    )
    return [Sheet("X-Net by problem", remark, columns, rows)]


STUDY = Study(
    name="xnet",
    version=2,
    title="How well does X-Net fit formulas, and how often does it recover them?",
    paper="X-Net, arXiv:2401.01772",
    method=(
        "Nguyen's twelve problems (Uy et al. 2011), 20 points each on the ranges of Petersen et "
        "al. 2021 (arXiv:1912.04871), and three that the released code is tried with, on 100. Our "
        "X-Net, in which the release's defects are mended, is given the usual library of "
        "operations. R^2 is on fresh points, and 0 at least; a mean over problems, seed by seed, "
        "with an interval over seeds. The paper's own problems and ranges are not known to us."
    ),
    claims=(
        Claim(
            f"Fitting by activation functions alone reaches R^2 = {CLAIMED} on average.",
            "abstract",
            rule(f"Mean R^2 less {CLAIMED}"),
            lambda found: decided(mean((1.0 - _of(found, "error")).mean(axis=0) - CLAIMED)),
        ),
        Claim(
            "What fits so well is the formula itself.",
            "implied: formulas are shown as recovered",
            rule("Share of fits that recover the formula, less one half"),
            lambda found: decided(mean(_recovered(found).mean(axis=0) - 0.5)),
        ),
        Claim(
            "It takes 3 % of a baseline's parameters on average (1.4 % and 1.1 % on some tasks).",
            "abstract, versions 1 and 2",
            "None: not tested.",
            lacking("wants the paper's tables of baselines, which we have not seen"),
        ),
    ),
    full=Size(seeds=20, epochs=100),
    quick=Size(seeds=2, epochs=3),
    plan=_plan,
    sheets=_sheets,
)
