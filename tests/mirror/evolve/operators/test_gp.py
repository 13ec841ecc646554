"""The operator whole: any admitted program is a parent, and every child is a program."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolve.errors import NoProposal
from evolve.operators.gp import Gp
from evolve.operators.gp.operator import DEEPEST, MOST_NODES, MOST_PARAMETERS, WEIGHTS
from evolve.operators.gp.variation import CROSSINGS, MUTATIONS
from evolve.protocols import Operator
from evolve.records import Admission, Evaluation, Individual, Program, Proposal, Selection
from evolve.testing import OperatorContract
from evolve.trees.translation import bends, size_as_tree, tree_of
from sandbox import Graph, MalformedGraph, canonical_source, parse


class TestGp(OperatorContract):
    def make(self) -> Operator:
        return Gp()


FUNCTIONS = (
    "x",
    "torch.relu(x)",
    "F.gelu(x)",
    "F.leaky_relu(x, 0.02)",
    "x * torch.tanh(F.softplus(x, beta=2.0))",
    "0.5 * x * (1 + torch.tanh(0.79788 * (x + 0.044715 * x ** 3)))",
    "torch.where((x > 0) & ~(x > 3.0), x, torch.where(x < -1, 0.2 * x, torch.expm1(x)))",
    "(x > 0).to(x.dtype) * torch.maximum(x, torch.sin(x)) % 2.0",
    "torch.clamp(x, -1.5, 1.5) / (1.0 + torch.abs(x)) + torch.sinc(x)",
    "2.0 ** -torch.abs(x) + torch.hypot(x, torch.tensor(1.0))",
    "x / (1e-3 + x * x) - 1e30 * torch.minimum(x, 1e-30 * x)",
    "sum(0.1 * k * torch.sin(k * x) for k in range(1, 9))",
)


def written(expression: str) -> str:
    return (
        f"import torch\nimport torch.nn.functional as F\ndef activation(x): return {expression}\n"
    )


PROGRAMS = (
    *map(written, FUNCTIONS),
    """
import torch

def activation(x, beta=1.0, alpha=0.0):
    return alpha + torch.maximum(x * torch.sigmoid(beta * x), alpha * x)
""",
    """
import torch
from torch import nn

class Activation(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Parameter(torch.tensor(0.25))

    def forward(self, x):
        return torch.where(x > 0, x, self.a * x)
""",
)


def individual(source: str) -> Individual:
    graph = parse(source)
    assert isinstance(graph, Graph), graph
    return admitted(graph, source)


def admitted(graph: Graph, source: str = "") -> Individual:
    admission = Admission(canonical_source(graph), graph.to_json(), "f", 1.0, 0, 0)
    evaluation = Evaluation(
        fitness=0.0, interval=(0.0, 0.0), gains={}, scores={}, failed=0.0, narrow=False, seeds=1
    )
    return Individual(Program(graph.digest()[:12], source), admission, evaluation)


INDIVIDUALS = tuple(individual(source) for source in PROGRAMS)
parents_of = st.lists(st.sampled_from(INDIVIDUALS), max_size=2, unique_by=lambda each: each.program)
seeds = st.integers(0, 2**32)


def propose(parents: list[Individual], seed: int) -> Proposal | None:
    try:
        return Gp().propose(Selection(0, 0, tuple(parents)), np.random.default_rng(seed))
    except NoProposal:
        return None


def graph(source: str) -> Graph:
    found = parse(source)
    assert isinstance(found, Graph), (found, source)
    return found


@settings(max_examples=600, deadline=None)
@given(parents_of, seeds)
def test_every_child_is_a_program_that_prints_back_to_itself(
    parents: list[Individual], seed: int
) -> None:
    proposal = propose(parents, seed)
    if proposal is not None:
        assert canonical_source(graph(proposal.source)) == proposal.source


@settings(max_examples=300, deadline=None)
@given(parents_of, seeds)
def test_no_child_is_a_parent_or_a_straight_line(parents: list[Individual], seed: int) -> None:
    proposal = propose(parents, seed)
    if proposal is not None:
        child = graph(proposal.source)
        known = [Graph.from_json(each.admission.graph).digest() for each in parents]
        assert bends(child)
        assert child.digest() not in known


@settings(max_examples=300, deadline=None)
@given(parents_of, seeds)
def test_children_keep_within_bounds_and_large_parents_do_not_grow(
    parents: list[Individual], seed: int
) -> None:
    proposal = propose(parents, seed)
    if proposal is None:
        return
    child = tree_of(graph(proposal.source))
    grounds = {each.program.id: tree_of(graph(each.admission.canonical)) for each in parents}
    receiver = grounds[proposal.parents[0]] if proposal.parents else child
    assert child.size <= max(MOST_NODES, receiver.size if parents else 0)
    assert child.depth <= max(DEEPEST, receiver.depth if parents else 0)
    assert len(child.parameters) <= max(MOST_PARAMETERS, len(receiver.parameters))


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_a_long_line_of_descent_stays_well_formed(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parents = [INDIVIDUALS[index] for index in rng.permutation(len(INDIVIDUALS))]
    for step in range(40):
        pair = (parents[-1], parents[-2 - int(rng.integers(4))])
        try:
            proposal = Gp().propose(Selection(step, 0, pair), rng)
        except NoProposal:
            continue
        parents.append(individual(proposal.source))
        assert canonical_source(graph(proposal.source)) == proposal.source


@settings(max_examples=60, deadline=None)
@given(parents_of, seeds)
def test_one_seed_gives_one_proposal(parents: list[Individual], seed: int) -> None:
    assert propose(parents, seed) == propose(parents, seed)


def test_no_hash_seed_changes_a_proposal_and_no_torch_is_needed() -> None:
    script = (
        "import sys, numpy\n"
        "from evolve.operators.gp import Gp\n"
        "from evolve.records import Selection\n"
        "rng = numpy.random.default_rng(3)\n"
        "for step in range(200): print(Gp().propose(Selection(step, 0), rng))\n"
        "assert 'torch' not in sys.modules\n"
    )
    runs = [
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(set(runs[0].split("Proposal"))) > 150


def test_crossover_names_the_receiver_first_and_keeps_its_root() -> None:
    pair = INDIVIDUALS[1:3]  # relu and gelu
    proposals = [propose(list(pair), seed) for seed in range(300)]
    crossed = [each for each in proposals if each and each.note == "crossover"]
    roots = {each.program.id: tree_of(graph(each.program.source)).operation for each in pair}
    assert {each.parents for each in crossed} == {
        tuple(each.program.id for each in pair),
        tuple(each.program.id for each in reversed(pair)),
    }
    assert all(tree_of(graph(each.source)).operation == roots[each.parents[0]] for each in crossed)


def test_a_single_parent_is_mutated_and_never_crossed() -> None:
    parent = individual(PROGRAMS[-2])
    notes = [each.note for seed in range(400) if (each := propose([parent], seed))]
    assert set(notes) == set(MUTATIONS)
    assert notes.count("subtree") > notes.count("parameter")


def test_without_parents_a_program_is_drawn_blindly() -> None:
    drawn = [propose([], seed) for seed in range(300)]
    assert all(each and each.parents == () and "ramped" in each.note for each in drawn)
    assert len({each.source for each in drawn if each}) > 200


def test_inspirations_play_no_part() -> None:
    parents, inspired = INDIVIDUALS[2:4], INDIVIDUALS[5:7]
    plain = Gp().propose(Selection(0, 0, parents), np.random.default_rng(1))
    shown = Gp().propose(Selection(9, 1, parents, inspired), np.random.default_rng(1))
    assert plain == shown


def test_every_variation_has_a_weight_and_they_sum_to_one() -> None:
    assert set(WEIGHTS) == {*CROSSINGS, *MUTATIONS}
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


def doubling(times: int) -> Individual:
    """A few shared nodes that spell a tree of 2 ** times leaves."""
    lines = "".join(f"    x = torch.sin(x) * torch.cos(x) + {k}.5\n" for k in range(times))
    return individual(f"import torch\ndef activation(x):\n{lines}    return x\n")


def test_a_graph_that_spells_an_astronomical_tree_is_refused_with_its_reason() -> None:
    assert size_as_tree(Graph.from_json(doubling(40).admission.graph)) > 2**40
    with pytest.raises(NoProposal, match="all 1 parents have more than 256 nodes"):
        Gp().propose(Selection(0, 0, (doubling(40),)), np.random.default_rng(0))


def test_a_parent_that_is_too_large_leaves_the_work_to_the_other() -> None:
    small = INDIVIDUALS[4]
    for seed in range(30):
        proposal = propose([doubling(40), small], seed)
        assert proposal is None or proposal.parents == (small.program.id,)


def test_a_parent_beyond_the_bounds_only_shrinks_or_keeps_its_size() -> None:
    tower = individual(
        "import torch\ndef activation(x):\n"
        "    for _ in range(200):\n        x = torch.tanh(x)\n    return x\n"
    )
    sizes = [
        tree_of(graph(each.source)).size for seed in range(10) if (each := propose([tower], seed))
    ]
    assert max(sizes) <= 201
    assert min(sizes) < 150


def test_constants_at_the_edge_of_what_is_allowed_do_no_harm() -> None:
    edge = individual(
        "import torch\ndef activation(x, a=1e30):\n    return 1e30 * torch.tanh(1e-30 * x) + a\n"
    )
    for seed in range(300):
        proposal = propose([edge], seed)
        assert proposal is None or graph(proposal.source)


def test_a_ledger_that_was_tampered_with_is_not_varied_silently() -> None:
    whole = INDIVIDUALS[0]
    for broken in ("", "[]", '{"version": 1}', whole.admission.graph.replace('"x"', '"system"')):
        admission = Admission("", broken, "f", 1.0, 0, 0)
        parent = Individual(whole.program, admission, whole.evaluation)
        with pytest.raises(MalformedGraph):
            Gp().propose(Selection(0, 0, (parent,)), np.random.default_rng(0))
