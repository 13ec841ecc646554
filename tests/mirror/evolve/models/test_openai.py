from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evolve.errors import ModelError
from evolve.models.openai import OpenAIModel, Served
from evolve.models.retry import Retry
from evolve.models.sampling import Sampling
from evolve.records import Message
from tests.mirror.evolve.models.faulty import DROPS, Faulty

if TYPE_CHECKING:
    from tests.mirror.evolve.models.conftest import Answer, FaultyServer

KEY = "sk-very-secret"
ATTEMPTS = 3
QUESTION = (Message("system", "You are brief."), Message("user", "Say something."))

PASSING = ("busy", "busy until", "busy, unreadably", "broken", "cut", "cut midway")
FINAL = {
    "busy for hours": "asks for 7200 s",
    "no key": r"refuses the key \(401\)",
    "no model": r"no such model or no such address \(404\)",
    "no credit": "no credit",
    "too long": r"refuses the request \(400\): .*context length",
    "html": "does not answer in OpenAI's protocol.*nginx.*/v1; it is not asked again",
    "half JSON": "protocol",
    "no choices": "protocol",
    "wrong types": "protocol",
    "not an object": "protocol",
    "nothing": "but: nothing",
    "not text": "protocol",
}


@contextmanager
def connected(
    server: FaultyServer, waits: list[float] | None = None, *, grammars: bool = False
) -> Iterator[OpenAIModel]:
    pause = waits if waits is not None else []
    retry = Retry(attempts=ATTEMPTS, sleep=pause.append)
    sampling = Sampling(0.8, 100, 20.0)
    model = OpenAIModel(Served("m", server.url, KEY, grammars=grammars), sampling, retry=retry)
    try:
        yield model
    finally:
        model.close()


def test_a_question_is_sent_whole_and_its_answer_counted(
    server: FaultyServer, reply: Answer
) -> None:
    server.answers.append(reply)
    with connected(server, grammars=True) as model:
        call = model.complete(QUESTION, seed=3, grammar='root ::= "x"')
    assert (call.reply, call.tokens, call.dollars) == ("hello", 1500, 0.0)
    assert server.keys == [f"Bearer {KEY}"]
    assert server.asked == [
        {
            "model": "m",
            "messages": [{"role": each.role, "content": each.content} for each in QUESTION],
            "seed": 3,
            "temperature": 0.8,
            "max_tokens": 100,
            "grammar": 'root ::= "x"',
        }
    ]


def test_a_silent_model_is_an_empty_reply_not_an_error(
    server: FaultyServer, silence: Answer
) -> None:
    server.answers.append(silence)
    with connected(server) as model:
        call = model.complete(QUESTION, seed=3)
    assert (call.reply, call.tokens) == ("", 0)


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_is_waited_out(
    server: FaultyServer, faults: Mapping[str, Answer], reply: Answer, fault: str
) -> None:
    server.answers += [faults[fault], faults[fault], reply]
    waits: list[float] = []
    with connected(server, waits) as model:
        assert model.complete(QUESTION, seed=3).reply == "hello"
    assert len(waits) == 2
    assert all(0 < wait <= 60 for wait in waits)


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_does_not_pass_is_given_up_after_few_attempts(
    server: FaultyServer, faults: Mapping[str, Answer], fault: str
) -> None:
    server.answers.append(faults[fault])
    with connected(server) as model, pytest.raises(ModelError, match="given up after 3 attempts"):
        model.complete(QUESTION, seed=3)
    assert len(server.asked) == ATTEMPTS


@pytest.mark.parametrize("fault", FINAL)
def test_a_fault_for_good_ends_at_once_in_one_line_without_the_key(
    server: FaultyServer, faults: Mapping[str, Answer], fault: str
) -> None:
    server.answers.append(faults[fault])
    with connected(server) as model, pytest.raises(ModelError) as caught:
        model.complete(QUESTION, seed=3)
    said = str(caught.value)
    assert re.search(FINAL[fault], said)
    assert "\n" not in said
    assert KEY not in said
    assert len(server.asked) == 1


def test_the_wait_that_a_server_asks_for_is_kept(
    server: FaultyServer, faults: Mapping[str, Answer], reply: Answer
) -> None:
    server.answers += [faults["busy"], reply]
    waits: list[float] = []
    with connected(server, waits) as model:
        model.complete(QUESTION, seed=3)
    assert 7 <= waits[0] <= 8


def test_a_server_that_is_not_there_is_asked_a_few_times_and_named(server: FaultyServer) -> None:
    server.close()
    with connected(server) as model, pytest.raises(ModelError, match="is the server up"):
        model.complete(QUESTION, seed=3)


@pytest.mark.parametrize(
    "url",
    ["", "localhost:8000", "ftp://x/v1", "http://", "gpt-4o", "http://[", "http://x:99999/v1"],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ModelError, match="not a web address; wanted something like"):
        OpenAIModel(Served("m", url), Sampling(0.8, 100, 20.0))


def test_the_key_shows_nowhere(server: FaultyServer, reply: Answer) -> None:
    server.answers.append(reply)
    with connected(server) as model:
        assert KEY not in f"{model!r} {model.complete(QUESTION, seed=3)!r}"


def test_a_model_that_is_closed_sends_away_whoever_waits_for_it(
    server: FaultyServer, faults: Mapping[str, Answer]
) -> None:
    server.answers.append(replace(faults["busy"], headers={"retry-after": "50"}))
    model = OpenAIModel(Served("m", server.url), Sampling(0.8, 100, 20.0))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(model.complete, QUESTION, seed=1)
        while not server.asked:
            pass
        model.close()
        with pytest.raises(ModelError):
            waiting.result(timeout=30)
    assert len(server.asked) == 1


def test_options_and_headers_reach_the_server(server: FaultyServer, reply: Answer) -> None:
    server.answers.append(reply)
    options = {"reasoning_effort": "low", "extra_headers": {"Authorization": "Bearer other"}}
    model = OpenAIModel(Served("m", server.url, KEY), Sampling(0.8, 100, 20.0, options))
    with closing(model):
        model.complete(QUESTION, seed=1)
    assert server.asked[0]["reasoning_effort"] == "low"
    assert "extra_headers" not in server.asked[0]
    assert server.keys == ["Bearer other"]


def test_a_server_that_tells_what_a_call_cost_is_believed_and_slow_drops_are_not_waited_for() -> (
    None
):
    with closing(Faulty(fault_share=0.0)) as priced:
        with closing(OpenAIModel(Served("good", priced.url), Sampling(0.8, 100, 20.0))) as model:
            call = model.complete(QUESTION, seed=1)
        assert call.dollars == pytest.approx(priced.accounts.dollars)
        retry = Retry(attempts=1)
        slow = OpenAIModel(Served("forced-drip", priced.url), Sampling(0.8, 100, 0.4), retry=retry)
        with closing(slow), pytest.raises(ModelError, match=r"none within 0\.4 s"):
            slow.complete(QUESTION, seed=1)
        assert 0 < priced.accounts.drops < DROPS
