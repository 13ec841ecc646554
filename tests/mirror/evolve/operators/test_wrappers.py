"""What is put around operators: blind asking, regularised evolution, a pre-screen."""

from itertools import repeat

import numpy as np
import pytest

from evolve.errors import NoProposal
from evolve.models.scripted import ScriptedModel
from evolve.operators.blind import Blind
from evolve.operators.gp import Gp
from evolve.operators.llm import Llm, Phrasing, Style
from evolve.operators.pangaea import Pangaea
from evolve.operators.regularised import Regularised
from evolve.operators.surrogate import (
    CORRELATIONS,
    FEWEST,
    Features,
    Screened,
    foretell,
    tangent,
)
from evolve.protocols import Operator
from evolve.records import Individual, Outcome, Record, Selection
from evolve.report.controls import misses
from evolve.screening import Screening, screening
from evolve.testing import OperatorContract, individual
from sandbox import Graph, parse

CODE = "```python\ndef activation(x):\n    return x * torch.tanh(x)\n```"


def written(expression: str) -> str:
    return (
        f"import torch\nimport torch.nn.functional as F\ndef activation(x): return {expression}\n"
    )


def scored(count: int) -> tuple[Individual, ...]:
    """Tanhs and cosines of many slopes; tanhs are fit, cosines are not."""
    found = []
    for number in range(count):
        slope = 0.5 + 0.05 * number
        found.append(individual(f"t{number}", written(f"torch.tanh({slope} * x)"), 0.2))
        found.append(individual(f"s{number}", written(f"torch.cos({slope} * x)"), -0.4))
    return tuple(found)


class TestBlindGp(OperatorContract):
    def make(self) -> Operator:
        return Blind(Gp())


class TestRegularisedPangaea(OperatorContract):
    def make(self) -> Operator:
        return Regularised(Pangaea())


class TestScreenedGp(OperatorContract):
    def make(self) -> Operator:
        return Screened(Gp(), 3)


def test_a_model_that_is_asked_blindly_invents_and_sees_nobody() -> None:
    model = ScriptedModel(repeat(CODE))
    for style, number in ((Style.FULL, "idea number 41"), (Style.FEW_SHOT, "number 41.")):
        llm = Blind(Llm(model, style, Phrasing(100.0)))
        selection = Selection(41, 2, scored(1), scored(1))
        proposal = llm.propose(selection, np.random.default_rng(0))
        assert (proposal.note, proposal.parents, proposal.inspirations) == ("invent", (), ())
        asked = proposal.calls[0].messages[-1].content
        assert number in asked
        assert "torch.tanh(0.5 * x)" not in asked


def test_regularised_evolution_breeds_from_the_fittest_of_the_young_only() -> None:
    old = individual("old", written("torch.erf(x)"), fitness=9.0)
    young = scored(32)
    selection = Selection(0, 0, (old,), (old,), scored=(old, *young))
    rng = np.random.default_rng(0)
    chosen = {Regularised(Gp()).propose(selection, rng).parents[0] for _ in range(60)}
    assert old.program.id not in chosen  # it is the 65th by age
    fitness = {each.program.id: each.evaluation.fitness for each in young}
    assert all(fitness[each] == 0.2 for each in chosen)  # of sixteen, some tanh
    assert len(chosen) > 5
    assert Regularised(Gp()).propose(Selection(0, 0, (old,)), rng).parents == ()


@pytest.mark.parametrize("features", ["curve", "tangent"])
def test_fitness_is_foretold_by_what_resembles_a_function(features: Features) -> None:
    like = [written("1.5 * torch.tanh(0.9 * x)"), written("1.5 * torch.cos(0.9 * x)")]
    tanh, cosine = foretell(like, scored(20), features)
    assert tanh > 0 > cosine
    assert foretell(["no program"], scored(20), features) == [-np.inf]


def test_a_tangent_kernel_is_a_kernel_and_that_of_a_line_is_straight() -> None:
    line, bent = parse(written("2.0 * x")), parse(written("torch.relu(x)"))
    assert isinstance(line, Graph)
    assert isinstance(bent, Graph)
    np.testing.assert_allclose(tangent(line), CORRELATIONS, atol=1e-9)
    # ReLU: 2 pi K(r) = sqrt(1 - r^2) + r (pi - arccos r); of its slope, 2 pi K'(r) = pi - arccos r.
    angle = np.arccos(CORRELATIONS)
    kernel = np.sqrt(1 - CORRELATIONS**2) + 2 * CORRELATIONS * (np.pi - angle)
    np.testing.assert_allclose(tangent(bent), kernel / (2 * np.pi), atol=0.05)


def test_a_screened_operator_hands_on_what_is_foretold_the_best_and_pays_for_all_it_asked() -> None:
    replies = [f"```python\ndef activation(x):\n    return torch.{f}(x)\n```" for f in
               ("cos", "tanh", "cos")]  # fmt: skip
    kept, unscreened = 0, 0
    for seed in range(60):
        llm = Llm(ScriptedModel(replies), Style.FULL, Phrasing(100.0))
        selection = Selection(0, 0, scored(1), scored=scored(20))
        proposal = Screened(llm, 3).propose(selection, np.random.default_rng(seed))
        seen = screening(proposal.note)
        assert seen is not None
        assert len(proposal.calls) == 3
        kept += not seen.unscreened and "tanh" in proposal.source and seen.rank == 1
        unscreened += seen.unscreened and "cos" in proposal.source and seen.rank > 1
    assert kept + unscreened == 60
    assert 4 <= unscreened <= 22  # a fifth


def test_nothing_is_screened_before_enough_is_known() -> None:
    few = Selection(0, 0, scored(1), scored=scored(FEWEST // 2 - 1))
    assert screening(Screened(Gp(), 3).propose(few, np.random.default_rng(0)).note) is None


def test_an_operator_with_nothing_to_offer_is_not_hidden_by_a_screen() -> None:
    llm = Llm(ScriptedModel(repeat("I would rather not.")), Style.FULL, Phrasing(100.0))
    selection = Selection(0, 0, scored(1), scored=scored(20))
    with pytest.raises(NoProposal) as caught:
        Screened(llm, 3).propose(selection, np.random.default_rng(0))
    assert len(caught.value.calls) == 3


def test_what_a_screen_missed_is_read_back_from_the_notes() -> None:
    def trial(step: int, fitness: float, seen: Screening) -> Record:
        one = individual(f"p{step}", fitness=fitness)
        return Record(
            step, "gp", 0, Outcome.SCORED, program=one.program, admission=one.admission,
            evaluation=one.evaluation, note=seen.noted("point"),
        )  # fmt: skip

    seen = Screening(rank=2, width=4, foretold=-0.123, unscreened=True)
    assert screening(seen.noted("crossover")) == seen
    assert screening("crossover") is None
    first = Screening(rank=1, width=4, foretold=0.1, unscreened=True)
    through = Screening(rank=1, width=4, foretold=0.3, unscreened=False)
    records = [trial(n, 0.01 * n, first if n % 2 else seen) for n in range(8)]
    found = misses([*records, trial(9, 5.0, through)])
    assert found is not None
    assert (found.unscreened, found.fit, found.dropped, found.blind) == (8, 2, 1, 0.75)
    assert found.rate == 0.5
    assert misses([trial(9, 5.0, through)]) is None
