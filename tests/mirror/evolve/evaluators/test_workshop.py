"""Networks trained for operators in a locked process: the real one."""

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from evolve import settings
from evolve.errors import NoProposal
from evolve.evaluators.workshop import LockedWorkshop
from evolve.operators.symbolnet.operator import SymbolNet
from evolve.operators.xnet.operator import JOB, XNet
from evolve.protocols import Operator
from evolve.records import Selection
from evolve.roster import TRAINING
from evolve.testing import individual
from sandbox import Admission, admit

PARENTS = (
    individual("silu"),
    individual("tanh", "import torch\ndef activation(x): return torch.tanh(x)\n"),
    individual(
        "swish", "import torch\ndef activation(x, b=1.5): return x * torch.sigmoid(b * x)\n"
    ),
    individual("leaky", "import torch\ndef activation(x): return torch.where(x > 0, x, 0.1 * x)\n"),
)


@pytest.fixture(scope="module")
def workshop() -> Iterator[LockedWorkshop]:
    quick = settings.read(None, ["fitness.steps=60", "fitness.seeds=2"])
    with closing(LockedWorkshop(quick, TRAINING)) as opened:
        yield opened


@pytest.mark.parametrize("make", [XNet, SymbolNet])
def test_what_is_proposed_is_admitted(
    workshop: LockedWorkshop, make: type[XNet] | type[SymbolNet]
) -> None:
    operator: Operator = make(workshop)
    verdicts = []
    for step in range(5):
        selection = Selection(step, 0, (PARENTS[step % len(PARENTS)],))
        try:
            made = operator.propose(selection, np.random.default_rng(step))
        except NoProposal:
            continue
        if not step:
            assert operator.propose(selection, np.random.default_rng(step)) == made
        verdicts.append(admit(made.source))
    assert len(verdicts) >= 3
    assert all(isinstance(each, Admission) for each in verdicts)


def test_a_parent_that_makes_every_net_fail_is_no_accident(workshop: LockedWorkshop) -> None:
    wild = individual("w", "import torch\ndef activation(x): return torch.exp(torch.exp(x * x))\n")
    with pytest.raises(NoProposal, match="no net of the parent"):
        XNet(workshop).propose(Selection(0, 0, (wild,)), np.random.default_rng(0))
    with pytest.raises(NoProposal, match="would not be admitted"):
        SymbolNet(workshop).propose(Selection(0, 0, (wild,)), np.random.default_rng(0))


def test_a_job_that_fails_is_no_proposal_and_the_next_one_works(workshop: LockedWorkshop) -> None:
    with pytest.raises(NoProposal, match="ended as"):
        workshop.work(JOB, {"graph": "no graph"}, 0)
    found = workshop.work(JOB, {"graph": PARENTS[0].admission.graph}, 0)
    assert len(found["points"]) == len(found["pulls"]) == 64
    assert found["points"] == sorted(found["points"])


def test_a_lesson_of_sets_is_left_to_others() -> None:
    sets = settings.read(None, ["fitness.split=valid", "fitness.steps=30", "fitness.seeds=1"])
    with closing(LockedWorkshop(sets, TRAINING)) as opened:
        place = 3  # setl2, the last of the valid tasks
        order = {"graph": PARENTS[0].admission.graph, "kept": 6, "seed": 0}
        assert opened.work(JOB, order, place)["points"]
        with pytest.raises(NoProposal, match="sets"):
            opened.work("evolve.operators.symbolnet.locked:grow", order, place)


def test_a_workshop_that_nobody_asks_starts_nothing() -> None:
    opened = LockedWorkshop(settings.read(None), ["there-is-no-such-operator"])
    opened.close()
