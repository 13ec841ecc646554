from contextlib import closing

from evolve.models.remembering import Remembering
from evolve.models.scripted import ScriptedModel
from evolve.protocols import Model
from evolve.records import Call, Message
from evolve.testing import ModelContract

ASKED = (Message("user", "why?"),)
KEPT = Call("scripted", ASKED, 3, "because")


class TestRemembering(ModelContract):
    def make(self) -> Model:
        return Remembering(ScriptedModel(["hello"]), lambda _: None)


def test_what_was_asked_before_is_not_asked_again() -> None:
    kept = {KEPT.request: KEPT}
    with closing(Remembering(ScriptedModel(["fresh"]), kept.get)) as model:
        assert model.complete(ASKED, seed=3) == KEPT
        assert model.complete(ASKED, seed=4).reply == "fresh"


def test_a_request_is_known_by_whom_what_and_seed() -> None:
    others = [
        Call("another", ASKED, 3, "because"),
        Call("scripted", (Message("system", "why?"),), 3, "because"),
        Call("scripted", ASKED, 4, "because"),
    ]
    assert KEPT.request not in {other.request for other in others}
    assert KEPT.request == Call("scripted", ASKED, 3, "another reply", tokens=9).request
