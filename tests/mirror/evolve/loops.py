"""Loops without training, for tests: blind operators, an admission that only hashes."""

import hashlib
from weakref import finalize

import numpy as np

from evolve.config import Config
from evolve.loop import Loop
from evolve.protocols import Evaluator
from evolve.records import (
    Admission,
    Outcome,
    Program,
    Proposal,
    Record,
    Refusal,
    Selection,
)
from evolve.runs import Run
from evolve.samplers import Samplers
from evolve.state import State
from evolve.testing import InstantEvaluator


class Numbers:
    """Proposes x times a small number; sometimes what is not allowed."""

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        number = int(rng.integers(60))
        parents = tuple(parent.program.id for parent in selection.parents[:1])
        return Proposal(f"def activation(x):\n    return x * {number}\n", parents=parents)


def admit(source: str) -> tuple[Program, Admission | Refusal]:
    """Refuses every tenth program, and hashes the others."""
    digest = hashlib.sha256(source.encode()).hexdigest()
    program = Program(digest[:12], source)
    if source.endswith("0\n"):
        return program, Refusal(Outcome.REFUSED, "ends_in_0", 2, "end in another digit")
    flops, slope, bends, kind, *values = (int(digit, 16) for digit in digest[:20])
    traits = {"left_slope": 0.0, "right_slope": slope / 4, "curvature_sign_changes": bends / 2}
    behaviour = tuple(map(float, values))
    return program, Admission(
        source, source, digest[:16], 6.0 * flops, 1, 0, traits, f"class {kind}", behaviour
    )


def make_loop(run: Run, config: Config, evaluator: Evaluator | None = None) -> Loop:
    """A loop over the ledger of `run`, resumed."""
    evaluator = evaluator or InstantEvaluator()
    operators = dict.fromkeys(("founders", *config.search.operators), Numbers())
    loop = Loop(
        state=State.of(config),
        samplers=Samplers(operators, admit, config.search.seed, evaluator.workers),
        evaluator=evaluator,
        ledger=run.ledger(),
        seed=config.search.seed,
        founders=3,
        ahead=None if config.evaluators.ahead == "auto" else config.evaluators.ahead,
        promotes=config.fitness.promotion_seeds > 0,
    )
    finalize(loop, loop.ledger.close)  # whoever drops a loop has closed its ledger
    loop.resume()
    return loop


def timeless(records: list[Record]) -> list[tuple[object, ...]]:
    """Records without what a clock wrote."""
    return [
        (r.step, r.operator, r.island, r.outcome, r.parents, r.detail, r.program, r.admission,
         r.evaluation, r.calls, r.round, r.original, r.twin, r.seen)
        for r in records
    ]  # fmt: skip
