import numpy as np
import pytest

from evolve.errors import NoProposal
from evolve.operators.founders import Founders
from evolve.records import Selection


def test_founders_come_in_their_order_and_then_no_more() -> None:
    founders = Founders({"one": "def activation(x): ...", "two": "def activation(x): return x"})
    rng = np.random.default_rng(0)
    assert [founders.propose(Selection(n, 0), rng).note for n in (0, 1)] == ["one", "two"]
    assert founders.propose(Selection(0, 0), rng).parents == ()
    with pytest.raises(NoProposal, match="2 founders"):
        founders.propose(Selection(2, 0), rng)
