"""Every hosted provider that litellm knows, with its prices: the only file that imports it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from threading import Thread
from types import ModuleType
from typing import Any

import httpx

from evolve.calls import Price
from evolve.errors import ModelError
from evolve.models.faults import fault, quoted
from evolve.models.keys import secrets
from evolve.models.retry import Retry
from evolve.models.sampling import Sampling
from evolve.records import Call, Message

_CONNECT_SECONDS = 10.0
_KEYS = ("_API_KEY", "AZURE_API_BASE")


class LiteLLMModel:
    """A hosted model by its litellm name, such as `anthropic/claude-sonnet-4-5`.

    Raises:
        ModelError: no such provider, or its key is not in the environment.
    """

    def __init__(self, name: str, sampling: Sampling, *, retry: Retry | None = None) -> None:
        self._name = name
        self._sampling = sampling
        self._retry = retry or Retry()
        self._litellm = quiet()
        self._check()

    @property
    def name(self) -> str:
        """How people call it, which is how litellm does."""
        return self._name

    @property
    def grammars(self) -> bool:
        """Never: providers know JSON schemas at best."""
        return False

    @property
    def price(self) -> Price | None:
        """What litellm's table says that it charges."""
        return price_of(self._name)

    def complete(
        self, messages: Sequence[Message], *, seed: int, grammar: str | None = None
    ) -> Call:
        """One reply, asked for again while the provider is merely busy; unknown prices count 0.

        Raises:
            Unanswered: no answer can be had; says what to do about it.
        """
        question = Call(self._name, tuple(messages), seed, "")
        return self._retry(question, lambda: self._ask(question))

    def close(self) -> None:
        """Sends away whoever waits to ask again; litellm keeps its own connections."""
        self._retry.gate.end()

    def _check(self) -> None:
        try:
            served, provider, _, _ = self._litellm.get_llm_provider(self._name)
        except self._litellm.exceptions.BadRequestError as error:
            raise ModelError(
                f"no model {self._name!r}: it does not begin with a provider that litellm knows; "
                "wanted e.g. openai/gpt-4o-mini, local:smollm2-135m, or a name with --base-url"
            ) from error
        for variable in [name for name, value in os.environ.items() if not value.strip()]:
            if variable.endswith("_API_KEY"):
                del os.environ[variable]  # an empty key is no key; litellm would send it
        wanted = self._litellm.validate_environment(f"{provider}/{served}")["missing_keys"]
        # Others have defaults, or are found elsewhere (an instance's role).
        keys = [variable for variable in wanted if variable.endswith(_KEYS)]
        if keys:
            raise ModelError(
                f"{self._name}: no key for {provider} in the environment; "
                f"wanted {' or '.join(keys)}"
            )

    def _ask(self, question: Call) -> Call:
        begun, seconds = time.monotonic(), self._sampling.timeout_seconds
        try:
            answer = _within(seconds, lambda: self._answer(question))
        except TimeoutError as error:
            raise fault(self._name, None, {}, f"none within {seconds:g} s") from error
        except tuple(self._litellm.exceptions.LITELLM_EXCEPTION_TYPES) as error:
            # litellm keeps the provider's headers beside the answer that it puts together itself.
            headers = vars(error).get("litellm_response_headers") or {}
            raise fault(self._name, error.status_code, headers, str(error), secrets()) from error
        if not answer.choices:
            raise ModelError(f"{self._name}: an answer without a choice: {quoted(str(answer))}")
        usage = getattr(answer, "usage", None)  # some providers leave it out
        return replace(
            question,
            reply=answer.choices[0].message.content or "",
            tokens=usage.total_tokens if usage else 0,
            dollars=self._price(answer),
            seconds=time.monotonic() - begun,
        )

    def _answer(self, question: Call) -> Any:
        seconds = self._sampling.timeout_seconds
        return self._litellm.completion(
            self._name,
            messages=[{"role": each.role, "content": each.content} for each in question.messages],
            seed=question.seed,
            temperature=self._sampling.temperature,
            max_tokens=self._sampling.max_tokens,
            timeout=httpx.Timeout(seconds, connect=min(_CONNECT_SECONDS, seconds)),
            num_retries=0,  # one policy retries: ours
            max_retries=0,
            drop_params=True,  # a provider without seeds ignores ours
            **self._sampling.options,
        )

    def _price(self, answer: object) -> float:
        try:
            return float(self._litellm.completion_cost(answer, model=self._name))
        except self._litellm.exceptions.ModelNotMappedError:
            return 0.0


def _within(seconds: float, ask: Callable[[], Any]) -> Any:
    """What `ask` gives; where that takes longer, its thread is left to itself.

    litellm's own limit holds between two pieces, and some providers send blanks for minutes.
    """
    answer: Future[Any] = Future()

    def wait() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:  # noqa: BLE001  (for whoever waits to deal with)
            answer.set_exception(error)

    Thread(target=wait, name="litellm", daemon=True).start()
    return answer.result(seconds)


def price_of(name: str) -> Price | None:
    """What litellm's table says that a model charges; none if it does not know."""
    known = _told(name)
    if known.get("output_cost_per_token") is None:
        return None
    return Price(known["input_cost_per_token"], known["output_cost_per_token"])


def window_of(name: str) -> int | None:
    """Tokens that a model can read, says litellm's table; none if it does not know."""
    window = _told(name).get("max_input_tokens")
    return int(window) if window else None


def _told(name: str) -> dict[str, Any]:
    # Not get_model_info: for some providers that asks a server.
    table = quiet().model_cost
    return table.get(name) or table.get(name.partition("/")[2]) or {}


def quiet() -> ModuleType:
    """The library, imported so that it says nothing and fetches nothing by itself."""
    # Without this, importing litellm fetches its table of prices from the network.
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")  # a file .env is our own business
    import litellm

    litellm.suppress_debug_info = True
    litellm.telemetry = False
    logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)
    library: ModuleType = litellm
    return library
