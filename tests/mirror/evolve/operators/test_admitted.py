"""What the blind operators propose is admitted, whoever wrote the parents."""

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from evolve.errors import NoProposal
from evolve.operators.gp import Gp
from evolve.operators.pangaea import Pangaea
from evolve.operators.ramachandran import Ramachandran
from evolve.protocols import Operator
from evolve.records import Individual, Selection
from evolve.testing import individual
from fitness.baselines import TIER_1
from sandbox import Refusal, admit

PROPOSALS = 10_000
CORPUS = Path(__file__).parents[3] / "corpus" / "benign"
SOURCES = [*TIER_1.values(), *(path.read_text() for path in sorted(CORPUS.glob("*.py")))]


def admitted() -> list[Individual]:
    """Textbook activations and what language models wrote, as far as the sandbox admits it."""
    found = [admit(source) for source in SOURCES]
    return [
        individual(f"p{number}", each.canonical)
        for number, each in enumerate(found)
        if not isinstance(each, Refusal)
    ]


@cache
def outcome_of(source: str) -> str:
    verdict = admit(source)
    return verdict.code if isinstance(verdict, Refusal) else "admitted"


@pytest.mark.parametrize(
    "operator", [Gp(), Pangaea(), Ramachandran()], ids=["gp", "pangaea", "ramachandran"]
)
def test_of_10000_proposals_from_any_admitted_parents_99_per_cent_are_admitted(
    operator: Operator,
) -> None:
    torch.set_num_threads(1)
    rng = np.random.default_rng(7)
    population, outcomes = admitted(), Counter[str]()
    assert len(population) > 40
    for step in range(PROPOSALS):
        parents = tuple(population[index] for index in rng.permutation(len(population))[:2])
        try:
            proposal = operator.propose(Selection(step, 0, parents), rng)
        except NoProposal:
            outcomes["no proposal"] += 1
            continue
        outcome = outcome_of(proposal.source)
        outcomes[outcome] += 1
        if step % 10 == 0 and outcome == "admitted":
            population[int(rng.integers(len(population)))] = individual(f"c{step}", proposal.source)
    assert outcomes["admitted"] >= 0.99 * PROPOSALS, outcomes
