import ast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import sandbox
from evolve.operators.ramachandran import (
    BINARY,
    UNARY,
    Ramachandran,
    Unit,
    draw,
    genotype,
    redrawn,
    source,
)
from evolve.protocols import Operator
from evolve.records import Selection
from evolve.testing import OperatorContract, individual

genes = st.lists(
    st.builds(
        Unit, st.sampled_from([*BINARY]), st.sampled_from([*UNARY]), st.sampled_from([*UNARY])
    ),
    min_size=1,
    max_size=3,
).map(tuple)


class TestRamachandran(OperatorContract):
    def make(self) -> Operator:
        return Ramachandran()


def test_the_space_has_the_papers_25_unary_and_10_binary_operators() -> None:
    assert (len(UNARY), len(BINARY)) == (25, 10)


@given(genes)
def test_a_member_of_the_space_is_python_and_can_be_read_back(units: tuple[Unit, ...]) -> None:
    text = source(units)
    ast.parse(text)
    assert genotype(individual("a", text)) == units


@given(genes)
def test_the_sandbox_understands_every_member(units: tuple[Unit, ...]) -> None:
    parsed = sandbox.parse(source(units))
    if isinstance(parsed, sandbox.Refusal):
        assert parsed.code in ("constant_output", "arith", "domain"), (parsed, source(units))


@given(genes, st.integers(0, 2**32))
def test_one_slot_is_redrawn_at_a_time(units: tuple[Unit, ...], seed: int) -> None:
    child = redrawn(units, np.random.default_rng(seed))
    slots = [(u.binary, u.left, u.right) for u in units]
    changed = [(u.binary, u.left, u.right) for u in child]
    assert (
        sum(a != b for s, c in zip(slots, changed, strict=True) for a, b in zip(s, c, strict=True))
        <= 1
    )


def test_fresh_draws_have_one_to_three_units() -> None:
    rng = np.random.default_rng(0)
    counts = [len(draw(rng)) for _ in range(400)]
    assert {1, 2, 3} == set(counts)
    assert counts.count(1) > counts.count(2) > counts.count(3)


def test_a_parent_from_this_space_is_varied_and_any_other_is_not() -> None:
    member = individual("m", source((Unit("multiply", "x", "sigmoid"),)))
    stranger = individual("s", "def activation(x):\n    return x\n")
    for seed in range(20):
        rng = np.random.default_rng(seed)
        proposal = Ramachandran().propose(Selection(0, 0, (stranger, member)), rng)
        assert proposal.parents in ((), (member.program.id,))
