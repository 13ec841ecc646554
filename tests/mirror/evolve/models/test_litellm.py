from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from evolve.errors import ModelError
from evolve.models.litellm import LiteLLMModel
from evolve.models.retry import Retry
from evolve.models.sampling import Sampling
from evolve.records import Message
from tests.mirror.evolve.models.faulty import DROPS, Faulty

if TYPE_CHECKING:
    from tests.mirror.evolve.models.conftest import Answer, FaultyServer

KEY = "sk-very-secret"
QUESTION = (Message("user", "Say something."),)

# litellm leaves an event loop of its own behind, which Python remarks on when it is swept up.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def model(name: str, waits: list[float] | None = None) -> LiteLLMModel:
    pause = waits if waits is not None else []
    return LiteLLMModel(name, Sampling(0.8, 100, 20.0), retry=Retry(attempts=3, sleep=pause.append))


@pytest.fixture
def here(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> FaultyServer:
    """OpenAI, as litellm sees it, is the server on loopback."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    return server


def test_a_priced_model_says_what_it_cost(here: FaultyServer, reply: Answer) -> None:
    here.answers.append(reply)
    call = model("openai/gpt-4o-mini").complete(QUESTION, seed=3)
    assert (call.model, call.reply, call.tokens) == ("openai/gpt-4o-mini", "hello", 1500)
    assert call.dollars == pytest.approx(1000 * 0.15e-6 + 500 * 0.60e-6)
    assert here.asked[0]["seed"] == 3
    assert KEY not in repr(call)


def test_a_model_without_a_known_price_costs_nothing(here: FaultyServer, unpriced: Answer) -> None:
    here.answers.append(unpriced)
    assert model("openai/of-my-own").complete(QUESTION, seed=3).dollars == 0


def test_a_silent_model_is_an_empty_reply(here: FaultyServer, silence: Answer) -> None:
    here.answers.append(silence)
    assert model("openai/gpt-4o-mini").complete(QUESTION, seed=3).reply == ""


@pytest.mark.parametrize("fault", ["busy", "broken", "cut", "html"])
def test_a_fault_that_passes_is_waited_out_by_our_policy_alone(
    here: FaultyServer, faults: Mapping[str, Answer], reply: Answer, fault: str
) -> None:
    here.answers += [faults[fault], faults[fault], reply]
    waits: list[float] = []
    assert model("openai/gpt-4o-mini", waits).complete(QUESTION, seed=3).reply == "hello"
    assert len(here.asked) == 3
    assert len(waits) == 2
    assert fault != "busy" or all(7 <= wait <= 8 for wait in waits)


def test_a_provider_that_sends_blanks_for_minutes_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with closing(Faulty(fault_share=0.0)) as slow:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", slow.url)
        once = Sampling(0.8, 100, 0.4)
        asked = LiteLLMModel("openai/forced-drip", once, retry=Retry(attempts=1))
        with pytest.raises(ModelError, match=r"none within 0\.4 s"):
            asked.complete(QUESTION, seed=1)
        assert 0 < slow.accounts.drops < DROPS


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("no key", r"refuses the key \(401\)"),
        ("no model", "no such model"),
        ("too long", "refuses the request"),
        ("busy for hours", "asks for 7200 s"),
    ],
)
def test_a_fault_for_good_ends_at_once_in_one_line_without_the_key(
    here: FaultyServer, faults: Mapping[str, Answer], fault: str, said: str
) -> None:
    here.answers.append(faults[fault])
    with pytest.raises(ModelError, match=said) as caught:
        model("openai/gpt-4o-mini").complete(QUESTION, seed=3)
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(here.asked) == 1


@pytest.mark.parametrize("name", ["nosuch/thing", "thing", ""])
def test_an_unknown_provider_is_refused_with_examples(name: str) -> None:
    with pytest.raises(ModelError, match=r"no model .* wanted e\.g\. openai/"):
        model(name)


def test_a_missing_key_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    for name in ("anthropic/claude-sonnet-4-5", "claude-sonnet-4-5"):
        with pytest.raises(ModelError, match="wanted ANTHROPIC_API_KEY"):
            model(name)


def test_a_server_of_ones_own_needs_no_key() -> None:
    assert model("ollama/llama3").name == "ollama/llama3"
