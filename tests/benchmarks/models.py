"""What language models' proposals are worth, beside blind draws and genetic programming.

    python -m tests.benchmarks.models [--model NAME ...] [--proposals 60]
    python -m tests.benchmarks.models --children 200 --folder KEPT [--model NAME ...]

Every model is asked with few-shot questions, free and, where it can be, held to the grammar.
Parents are the textbook activations. *Admitted* by the sandbox; *useful*: admitted, and a different
function than every one of the textbook; *distinct* useful ones: all as shares of the proposals
asked for; *correlation*: of values with the parent's for |x| up to 5, in size, the median over
useful ones.

With --children each arm makes so many admitted, different children of the same parents; child and
parent are measured in one round of data that no search has drawn, and counted is how often the
child is fitter. Measured children are kept in the folder, a file an arm: begun again, it goes on.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

from evolve.build import measuring
from evolve.config import Config, EvaluatorsTable, FitnessTable, SandboxTable
from evolve.contest import textbook
from evolve.errors import NoProposal, Unanswered
from evolve.evaluators.admission import Admissions
from evolve.models import EMBEDDED_MODEL, connect
from evolve.operators.gp import Gp
from evolve.operators.llm import Llm, Phrasing, Style
from evolve.operators.random import Random
from evolve.protocols import Evaluator, Operator
from evolve.records import Admission, Evaluation, Individual, Program, Selection
from evolve.testing import individual
from sandbox.graph import Graph
from sandbox.preview import SEEN, curve

FRESH_ROUND = 2000


def main() -> None:
    """Prints one table or the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", action="append", help="a local model; the embedded one, if none")
    parser.add_argument("--proposals", type=int, default=60)
    parser.add_argument("--children", type=int, default=0)
    parser.add_argument("--steps", type=int, default=FitnessTable().steps)
    parser.add_argument("--seeds", type=int, default=FitnessTable().promotion_seeds)
    parser.add_argument("--folder", type=Path, default=Path("runs/children"))
    chosen = parser.parse_args()
    with ExitStack() as stack:
        arms = dict(_arms(chosen.model or [EMBEDDED_MODEL], stack))
        admissions = stack.enter_context(closing(Admissions(SandboxTable())))
        if chosen.children:
            chosen.folder.mkdir(parents=True, exist_ok=True)
            table = FitnessTable(steps=chosen.steps, promotion_seeds=chosen.seeds)
            _compare(arms, admissions, chosen.children, table, chosen.folder)
            return
        print(f"{'':34}{'admitted':>9}{'useful':>9}{'distinct':>9}", end="")
        print(f"{'corr.':>7}{'s each':>8}{'tokens':>8}")
        for name, operator in arms.items():
            print(f"{name:34}{_told(operator, admissions, chosen.proposals)}", flush=True)


def _arms(names: Sequence[str], stack: ExitStack) -> Iterator[tuple[str, Operator]]:
    yield "random draws from the grammar", Random()
    yield "gp", Gp()
    for name in names:
        model = stack.enter_context(
            closing(connect(name, None, temperature=0.8, max_tokens=400, timeout_seconds=300))
        )
        for held in (False, True)[: 1 + model.grammars]:
            llm = Llm(model, Style.FEW_SHOT, Phrasing(100.0), cross_share=0.0, held=held)
            yield f"{name}, {'grammar' if held else 'free'}", llm


def _told(operator: Operator, admissions: Admissions, count: int) -> str:
    known = {each.admission.fingerprint for each in parents()}
    admitted, tokens, begun = 0, 0, time.monotonic()
    useful: list[str] = []
    correlations: list[float] = []
    for number in range(count):
        proposal = _proposed(operator, number)
        if proposal is None:
            continue
        source, spent, parent = proposal
        tokens += spent
        verdict = admissions.admit(source)[1] if source else None
        if not isinstance(verdict, Admission):
            continue
        admitted += 1
        if verdict.fingerprint not in known:
            useful.append(verdict.fingerprint)
            correlations.append(_correlation(verdict, parent))
    seconds = (time.monotonic() - begun) / count
    shares = "".join(f"{part / count:>9.0%}" for part in (admitted, len(useful), len(set(useful))))
    middle = float(np.median(correlations)) if correlations else float("nan")
    return f"{shares}{middle:>7.2f}{seconds:>8.2f}{tokens / count:>8.0f}"


def _proposed(operator: Operator, number: int) -> tuple[str, int, Individual] | None:
    """Source, tokens and parent; no source where nothing usable came, none without an answer."""
    rng = np.random.default_rng((7, number))
    first, second = rng.permutation(len(parents()))[:2]
    chosen = (parents()[first], parents()[second])
    try:
        proposal = operator.propose(Selection(number, 0, chosen), rng)
    except NoProposal as nothing:
        return "", sum(call.tokens for call in nothing.calls), chosen[0]
    except Unanswered as silent:
        print(silent)
        return None
    return proposal.source, sum(call.tokens for call in proposal.calls), chosen[0]


def _correlation(admission: Admission, parent: Individual) -> float:
    near = np.abs(SEEN) <= 5.0
    graphs = (admission.graph, parent.admission.graph)
    one, other = (curve(Graph.from_json(each))[near] for each in graphs)
    return abs(float(np.corrcoef(one, other)[0, 1]))


@cache
def parents() -> list[Individual]:
    """The textbook's activations that are trained, without figures."""
    shape = individual().evaluation
    return [
        Individual(Program(name, each.canonical), each, shape) for name, each in textbook().items()
    ]


def _compare(
    arms: Mapping[str, Operator],
    admissions: Admissions,
    count: int,
    table: FitnessTable,
    folder: Path,
) -> None:
    config = Config(fitness=table, evaluators=EvaluatorsTable(workers=1))
    with closing(measuring(config)) as evaluator:
        before = {each.program.id: _fitness(evaluator, each.admission) for each in parents()}
        print(f"{'':34}{'children':>9}{'improve on their parent':>27}{'mean gain':>11}")
        for name, operator in arms.items():
            measured = f"{table.steps}-{table.promotion_seeds}"
            path = folder / f"{re.sub(r'[^a-z0-9.]+', '-', name)}-{measured}.jsonl"
            gains = [*_gains(operator, admissions, evaluator, before, count, path)]
            print(f"{name:34}{_row(gains)}", flush=True)


def _gains(
    operator: Operator,
    admissions: Admissions,
    evaluator: Evaluator,
    before: Mapping[str, float],
    count: int,
    path: Path,
) -> Iterator[float]:
    """The child's fitness less its parent's; what the file holds is not measured again."""
    kept = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    yield from (each["gain"] for each in kept[:count])
    done, number = len(kept), kept[-1]["number"] + 1 if kept else 0
    seen = {each["fingerprint"] for each in kept} | {p.admission.fingerprint for p in parents()}
    while done < count and number < 50 * count:
        proposal = _proposed(operator, number)
        number += 1
        if proposal is None or not proposal[0]:
            continue
        source, _, parent = proposal
        child = admissions.admit(source)[1]
        if not isinstance(child, Admission) or child.fingerprint in seen:
            continue
        seen.add(child.fingerprint)
        gain = _fitness(evaluator, child) - before[parent.program.id]
        row = {"number": number - 1, "parent": parent.program.id, "gain": gain,
               "fingerprint": child.fingerprint, "source": child.canonical}  # fmt: skip
        with path.open("a") as file:
            file.write(f"{json.dumps(row)}\n")
        done += 1
        yield gain


def _fitness(evaluator: Evaluator, admission: Admission) -> float:
    """On fresh seeds; a program that cannot be trained is as unfit as can be."""
    found = evaluator.submit(admission, FRESH_ROUND).result()
    return found.fitness if isinstance(found, Evaluation) else -1.0


def _row(gains: Sequence[float]) -> str:
    if not gains:
        return f"{0:>9}"
    fitter = sum(gain > 0 for gain in gains)
    low, high = binomtest(fitter, len(gains)).proportion_ci(method="wilson")
    share = f"{fitter / len(gains):.0%} [{low:.0%}, {high:.0%}]"
    return f"{len(gains):>9}{share:>27}{float(np.mean(gains)):>+11.3f}"


if __name__ == "__main__":
    main()
