"""Operators by their names."""

from itertools import repeat

import numpy as np
import pytest

from evolve import settings
from evolve.errors import ConfigError, NoProposal
from evolve.models.scripted import ScriptedModel
from evolve.protocols import Operator
from evolve.records import Selection
from evolve.roster import Roster, models_of
from evolve.testing import NoWorkshop, individual
from tests.mirror.evolve.loops import admit

CODE = "```python\ndef activation(x):\n    return x * torch.tanh(x)\n```"
SCALED = "import torch\ndef activation(x):\n    return torch.tanh(1.5 * x)\n"
PARENTS = (individual("a", fitness=0.2), individual("b", SCALED))


def engaged(*said: str) -> dict[str, Operator]:
    config = settings.read(None, [f"search.{each}" for each in said])
    return dict(Roster(config, lambda _: ScriptedModel(repeat(CODE)), admit, NoWorkshop()).engage())


def test_operators_that_train_are_engaged_and_given_a_workshop() -> None:
    found = engaged("operators=['xnet', 'symbolnet']", "control_share=0.0")
    assert list(found) == ["xnet", "symbolnet"]
    for operator in found.values():
        with pytest.raises(NoProposal, match="nothing is trained"):
            operator.propose(Selection(0, 0, PARENTS), np.random.default_rng(0))


def notes(operator: Operator, scored: int = 0) -> set[str]:
    selection = Selection(0, 0, PARENTS, scored=PARENTS * scored)
    return {operator.propose(selection, np.random.default_rng(s)).note for s in range(12)}


def test_every_name_of_the_table_of_entry_points_can_be_engaged() -> None:
    names = [
        "core-units", "gp", "llm", "pangaea", "polish", "ramachandran", "random", "tpe",
        "tpe-pangaea",
    ]  # fmt: skip
    found = engaged(f"operators={names}", "control_share=0.0")
    assert list(found) == names
    for operator in found.values():
        assert operator.propose(Selection(3, 0, PARENTS), np.random.default_rng(0)).source


def test_controls_are_engaged_beside_the_operators() -> None:
    found = engaged("operators=['llm', 'gp']")
    assert set(found) == {"llm", "gp", "random", "blind-llm"}
    assert notes(found["blind-llm"]) == {"invent"}
    assert notes(found["llm"]) == {"vary", "cross"}


def test_every_model_is_connected_once_under_its_own_name() -> None:
    connected: list[str] = []

    def connect(name: str) -> ScriptedModel:
        connected.append(name)
        return ScriptedModel(repeat(CODE))

    said = "search.operators=['llm', 'llm@other', 'blind-llm@other', 'gp']"
    config = settings.read(None, [said, "model.name=local:one"])
    Roster(config, connect, admit, NoWorkshop()).engage()
    assert sorted(connected) == ["local:one", "other"]
    assert models_of(config) == {"local:one", "other"}


def test_any_operator_can_be_asked_blindly() -> None:
    found = engaged("operators=['blind-gp', 'blind-ramachandran', 'blind-pangaea']")
    for operator in found.values():
        proposal = operator.propose(Selection(0, 0, PARENTS), np.random.default_rng(0))
        assert proposal.parents == ()


def test_pangaea_alone_chooses_its_parents_by_regularised_evolution() -> None:
    alone = engaged("operators=['pangaea']", "control_share=0.0")["pangaea"]
    beside = engaged("operators=['pangaea', 'gp']")["pangaea"]
    fittest = individual("f", "import torch\ndef activation(x): return torch.erf(x)\n", fitness=1.0)
    selection = Selection(9, 0, PARENTS, scored=(*PARENTS, fittest))
    rng = np.random.default_rng(0)
    assert alone.propose(selection, rng).parents == (fittest.program.id,)
    assert beside.propose(selection, rng).parents == (PARENTS[0].program.id,)


def test_a_screen_is_put_before_every_operator_but_the_controls() -> None:
    found = engaged("operators=['gp']", "screen=3")
    assert all("screened: " in note for note in notes(found["gp"], scored=20))
    assert not any("screened: " in note for note in notes(found["random"], scored=20))


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ("['pangea']", "there is no 'pangea'; did you mean 'pangaea'"),
        ("['magic']", "there is no 'magic'; There are: llm, "),
        ("['blind-gq']", "did you mean 'gp'"),
        ("['gp@openai']", "there is no 'gp@openai'"),
        ("['llm@']", "there is no 'llm@'"),
        ("['gp', 'gp']", "'gp' is named twice"),
    ],
)
def test_a_name_that_is_none_is_answered_with_the_nearest(names: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        engaged(f"operators={names}")
