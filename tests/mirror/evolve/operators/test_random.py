from __future__ import annotations

import numpy as np

from evolve.operators.random import Random
from evolve.protocols import Operator
from evolve.records import Selection
from evolve.testing import OperatorContract
from sandbox import Graph, parse

NOBODY = Selection(step=0, island=0)


def test_a_blind_draw_needs_no_parents_and_claims_none() -> None:
    proposal = Random().propose(NOBODY, np.random.default_rng(0))
    assert isinstance(parse(proposal.source), Graph)
    assert proposal.parents == ()
    assert proposal.calls == ()


def test_the_same_seed_makes_the_same_proposal() -> None:
    first, second = (Random().propose(NOBODY, np.random.default_rng(5)) for _ in range(2))
    assert first == second


class TestRandom(OperatorContract):
    def make(self) -> Operator:
        return Random()
