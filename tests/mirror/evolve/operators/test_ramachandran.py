"""The fixed space of Ramachandran et al., drawn, varied and enumerated."""

import ast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import sandbox
from evolve.operators.ramachandran import CoreUnits, Ramachandran
from evolve.protocols import Operator
from evolve.records import Selection
from evolve.spaces.ramachandran import (
    BINARY,
    UNARY,
    Unit,
    Units,
    draw,
    graph_of,
    member,
    redrawn,
    single_units,
    source,
    spelled,
    spelling,
)
from evolve.testing import OperatorContract, individual

rngs = st.integers(0, 2**32).map(np.random.default_rng)
members = rngs.map(draw)
SWISH = (Unit("multiply", "x", "sigmoid"),)


class TestRamachandran(OperatorContract):
    def make(self) -> Operator:
        return Ramachandran()


class TestCoreUnits(OperatorContract):
    def make(self) -> Operator:
        return CoreUnits()


def slots(units: Units) -> list[object]:
    return [slot for u in units for slot in (u.binary, u.left, u.right, u.reads)]


def test_the_space_has_the_papers_25_unary_and_10_binary_operators() -> None:
    assert (len(UNARY), len(BINARY), len(list(single_units()))) == (25, 10, 6250)


@given(members)
def test_a_member_of_the_space_is_python_and_can_be_read_back(units: Units) -> None:
    ast.parse(source(units))
    assert spelled(spelling(units)) == units


@given(members)
def test_the_sandbox_understands_every_member(units: Units) -> None:
    parsed = sandbox.parse(source(units))
    if isinstance(parsed, sandbox.Refusal):
        assert parsed.code in ("constant_output", "arith", "domain"), (parsed, source(units))


@given(members, rngs)
def test_one_slot_is_redrawn_at_a_time(units: Units, rng: np.random.Generator) -> None:
    before, after = slots(units), slots(redrawn(units, rng))
    assert sum(a != b for a, b in zip(before, after, strict=True)) <= 1


@given(members)
def test_units_are_chained_in_both_ways_and_none_is_lost(units: Units) -> None:
    for number, unit in enumerate(units[1:], start=1):
        assert number in unit.reads  # every unit reads the one before it


def test_both_ways_of_chaining_and_one_to_three_units_are_drawn() -> None:
    rng = np.random.default_rng(0)
    drawn = [draw(rng) for _ in range(400)]
    counts = [len(units) for units in drawn]
    assert counts.count(1) > counts.count(2) > counts.count(3) > 0
    pairs = [units[1] for units in drawn if len(units) > 1]
    assert any(unit.left == "x" and unit.reads == (1, 0) for unit in pairs)
    assert any(unit.left != "x" for unit in pairs)


def test_a_parent_from_this_space_is_varied_and_any_other_is_not() -> None:
    mine = individual("m", source(SWISH))
    stranger = individual("s", "def activation(x):\n    return x\n")
    noted = set()
    for seed in range(40):
        selection = Selection(0, 0, (stranger, mine))
        proposal = Ramachandran().propose(selection, np.random.default_rng(seed))
        assert proposal.parents in ((), (mine.program.id,))
        noted.add(proposal.note)
    assert noted == {"fresh", "redrew 1 slot(s)", "redrew 2 slot(s)"}


def test_a_docstring_that_tells_of_another_function_is_not_believed() -> None:
    lie = 'import torch\ndef activation(x):\n    """ramachandran: multiply(x(x),sigmoid(x))"""\n'
    assert member(individual("l", f"{lie}    return torch.tanh(x)\n")) == ()
    assert member(individual("l", f"{lie}    return x * torch.sigmoid(x)\n")) == SWISH


def test_core_units_takes_every_function_of_one_unit_in_turn() -> None:
    rng = np.random.default_rng(0)
    distinct = {graph.digest() for units in single_units() if (graph := graph_of(units))}
    steps = range(40, 40 + len(distinct))
    proposed = {CoreUnits().propose(Selection(step, 0), rng).source for step in steps}
    assert len(proposed) == len(distinct) > 1500
