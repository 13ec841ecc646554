from contextlib import closing

import numpy as np

from evolve.records import Outcome, Proposal, Record, Selection, Trial
from evolve.samplers import Samplers
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
