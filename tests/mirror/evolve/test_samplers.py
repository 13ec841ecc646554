from contextlib import closing

import numpy as np

from evolve.records import Candidate, Outcome, Proposal, Record, Selection, Trial
from evolve.samplers import Samplers
from evolve.testing import individual
from tests.mirror.evolve.loops import admit


class Liar:
    """An operator that claims to have varied what it was never shown."""

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        return Proposal("def activation(x):\n    return x\n", parents=("stranger",))


def test_a_parent_that_was_never_shown_is_no_parent() -> None:
    with closing(Samplers({"liar": Liar()}, admit, 0)) as samplers:
        record = samplers.sample(Trial("liar", Selection(3, 0), seen=7))
    assert isinstance(record, Record)
    assert record.outcome is Outcome.NO_PROPOSAL
    assert "liar names 'stranger'" in record.detail
    assert (record.step, record.seen, record.parents) == (3, 7, ())


class Elder:
    """An operator that varies the first of the latest scored, as regularised evolution may."""

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        parents = (selection.scored[0].program.id,)
        return Proposal("def activation(x):\n    return x\n", parents=parents)


def test_whatever_a_selection_holds_may_be_a_parent() -> None:
    scored = (individual("a"),)
    with closing(Samplers({"elder": Elder()}, admit, 0)) as samplers:
        candidate = samplers.sample(Trial("elder", Selection(3, 0, scored=scored), seen=7))
    assert isinstance(candidate, Candidate)
    assert candidate.record.parents == (scored[0].program.id,)
