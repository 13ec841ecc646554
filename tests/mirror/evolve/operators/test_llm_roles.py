from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import chain, repeat

import numpy as np
import pytest

from evolve.errors import ModelError, NoProposal, Unanswered
from evolve.models.scripted import ScriptedModel
from evolve.operators.llm import Kind, Llm, Phrasing, Repairing, Style
from evolve.operators.surrogate import Screened
from evolve.protocols import Operator
from evolve.records import Call, Outcome, Program, Record, Refusal, Selection, Trial
from evolve.samplers import Samplers
from evolve.testing import OperatorContract, admission, individual
from tests.mirror.evolve.operators.test_llm_operator import CODE, ONE, Listening

BAD = "```python\ndef activation(x):\n    return x.mean()\n```"


def admit(source: str) -> tuple[Program, object]:
    if "mean" in source:
        return Program("bad", source), Refusal(Outcome.REFUSED, "non_pointwise", 5, "no reduction")
    return Program("good", source), admission(source)


def repairing(*replies: str, times: int = 2) -> Repairing:
    llm = Llm(ScriptedModel(replies), Style.FULL, Phrasing(100.0), cross_share=0.0)
    return Repairing(llm, admit, times)  # type: ignore[arg-type]


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


class TestRepairingKeepsTheContract(OperatorContract):
    def make(self) -> Operator:
        return repairing(*[CODE] * 3)


def test_a_refused_program_goes_back_with_code_line_and_hint_until_it_is_admitted() -> None:
    proposal = repairing(BAD, BAD, CODE).propose(ONE, rng())
    assert "tanh" in proposal.source
    assert proposal.note == "vary, repaired 2 of 2"
    assert len(proposal.calls) == 3
    told = proposal.calls[1].messages
    assert told[: len(proposal.calls[0].messages)] == proposal.calls[0].messages
    assert told[-2].role == "assistant"
    assert "non_pointwise (line 5): no reduction" in told[-1].content


def test_after_as_many_repairs_as_are_allowed_the_refused_program_stays() -> None:
    proposal = repairing(BAD, BAD, BAD, CODE, times=2).propose(ONE, rng())
    assert "mean" in proposal.source
    assert len(proposal.calls) == 3


def test_what_is_admitted_is_asked_for_once() -> None:
    assert len(repairing(CODE, BAD).propose(ONE, rng()).calls) == 1


def test_a_repair_without_code_or_without_an_answer_costs_and_changes_nothing() -> None:
    silent = repairing(BAD, "I give up.").propose(ONE, rng())
    assert "mean" in silent.source
    assert len(silent.calls) == 2

    class Failing(Listening):
        def complete(self, *args: object, **kwargs: object) -> Call:
            self.times = getattr(self, "times", 0) + 1
            if self.times > 1:
                raise Unanswered("busy", (Call("m", (), 0, "", failure="busy"),))
            return Call("m", (), 0, BAD)

    llm = Llm(Failing(grammars=False), Style.FULL, Phrasing(100.0))
    proposal = Repairing(llm, admit, 2).propose(ONE, rng())  # type: ignore[arg-type]
    assert [call.failure for call in proposal.calls] == ["", "busy"]


def in_role(role: Kind, *replies: str) -> Llm:
    return Llm(ScriptedModel(chain(replies, repeat(CODE))), Style.FULL, Phrasing(100.0), role)


@pytest.mark.parametrize("role", [Kind.VARY, Kind.CROSS, Kind.POLISH])
def test_a_role_is_the_one_thing_that_is_asked_for(role: Kind) -> None:
    two = Selection(0, 0, (individual("a"), individual("b")))
    assert {in_role(role).propose(two, np.random.default_rng(n)).note for n in range(5)} == {role}


@pytest.mark.parametrize("role", [Kind.SIMPLIFY, Kind.POLISH])
def test_a_role_that_needs_a_parent_offers_nothing_without(role: Kind) -> None:
    with pytest.raises(NoProposal, match=f"no parent yet to {role}"):
        in_role(role).propose(Selection(0, 0), rng())


def source(expression: str) -> str:
    return f"import torch\n\n\ndef activation(x):\n    return {expression}\n"


def fenced(expression: str) -> str:
    return f"```python\n{source(expression)}```"


def test_a_simplification_is_cheaper_and_runs_close_to_its_parent() -> None:
    parent = individual("p", source("torch.tanh(x) * 3.0 / 3.0 + torch.relu(x)"))
    selection = Selection(0, 0, (parent,))
    cases = {
        "torch.relu(x)": "another function: its values are up to 1 away",
        "torch.tanh(x) + torch.sigmoid(x) * torch.erf(x)": "no simpler: it costs",
    }
    for written, complaint in cases.items():
        with pytest.raises(NoProposal, match=complaint):
            in_role(Kind.SIMPLIFY, fenced(written)).propose(selection, rng())
    parent = replace(parent, admission=replace(parent.admission, flops=18.0))
    close = in_role(Kind.SIMPLIFY, fenced("torch.tanh(x) + torch.relu(x)"))
    found = close.propose(Selection(0, 0, (parent,)), rng())
    assert found.parents == (parent.program.id,)


def test_a_model_takes_stock_where_the_run_asks_it_to_and_its_lines_are_the_note() -> None:
    stock = f"- Gates win.\n- `Sines` lose.\n{CODE}"
    llm = Llm(ScriptedModel([stock]), Style.FULL, Phrasing(100.0))
    proposal = llm.propose(Selection(0, 0, (individual("a"),), takes_stock=True), rng())
    assert proposal.note == "digest:\n- Gates win.\n- Sines lose."


@pytest.mark.parametrize("screen", [1, 3])
def test_a_digest_is_kept_where_no_code_follows_it(screen: int) -> None:
    llm = Llm(ScriptedModel(["- Gates win."] * screen), Style.FULL, Phrasing(100.0))
    operator = Screened(llm, screen) if screen > 1 else llm
    scored = tuple(individual(name) for name in "abcdefghijklmnopqrstuvwxyz")
    stock = Selection(0, 0, scored[:1], scored=scored, takes_stock=True)
    with closing(Samplers({"llm": operator}, admit, 0)) as samplers:  # type: ignore[arg-type]
        record = samplers.sample(Trial("llm", stock, seen=7))
    assert isinstance(record, Record)
    assert (record.outcome, record.note) == (Outcome.NO_PROPOSAL, "digest:\n- Gates win.")
    assert len(record.calls) == screen


def test_what_is_not_to_be_told_is_not() -> None:
    selection = Selection(0, 0, (individual("a"),), (individual("b", "# canonical b"),))
    for tells, told, hidden in (((), "T1", "canonical b"), (("task-names",), "absmax3", "T1")):
        model = Listening(grammars=False)
        Llm(model, Style.FULL, Phrasing(100.0, tells)).propose(selection, rng())
        asked = model.asked[0][0][-1].content
        assert told in asked
        assert hidden not in asked


def test_a_model_that_may_not_be_held_is_free() -> None:
    model = Listening(grammars=True)
    Llm(model, Style.FEW_SHOT, Phrasing(100.0), held=False).propose(ONE, rng())
    assert model.asked[0][2] is None


def test_a_script_that_ends_is_no_outcome() -> None:
    with pytest.raises(ModelError, match="script ended"):
        repairing(BAD).propose(ONE, rng())
