"""Scripted and recorded: the models that only remember."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from evolve.errors import ModelError
from evolve.models.recorded import RecordedModel
from evolve.models.scripted import ScriptedModel
from evolve.records import Call, Message

QUESTION = (Message("user", "Say something."),)
CALL = Call("m", QUESTION, 3, "hello", tokens=7, dollars=0.5, seconds=2.0)


def test_a_script_is_read_in_order_and_ends_with_an_error() -> None:
    model = ScriptedModel(["a", "b"])
    assert [model.complete(QUESTION, seed=0).reply for _ in range(2)] == ["a", "b"]
    with pytest.raises(ModelError, match="script ended after 2 replies"):
        model.complete(QUESTION, seed=0)


def test_threads_share_a_script_without_losing_a_line() -> None:
    model = ScriptedModel(map(str, range(200)))
    with ThreadPoolExecutor(8) as pool:
        calls = list(pool.map(lambda seed: model.complete(QUESTION, seed=seed), range(200)))
    assert {call.reply for call in calls} == set(map(str, range(200)))


def test_a_recorded_call_comes_back_unchanged() -> None:
    model = RecordedModel("m", [CALL, Call("other", QUESTION, 3, "not me")])
    assert model.complete(QUESTION, seed=3) == CALL


@pytest.mark.parametrize(
    ("messages", "seed"), [(QUESTION, 4), ((Message("user", "Say more."),), 3), ((), 3)]
)
def test_a_question_nobody_asked_is_named(messages: tuple[Message, ...], seed: int) -> None:
    with pytest.raises(ModelError, match=f"none of 1 recorded calls has seed {seed}"):
        RecordedModel("m", [CALL]).complete(messages, seed=seed)
