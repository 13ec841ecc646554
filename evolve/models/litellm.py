"""Every hosted provider that litellm knows, with its prices: the only file that imports it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Sequence
from types import ModuleType

from evolve.errors import ModelError
from evolve.models.faults import fault, quoted
from evolve.models.retry import Retry
from evolve.models.sampling import Sampling
from evolve.records import Call, Message


class LiteLLMModel:
    """A hosted model by its litellm name, such as `anthropic/claude-sonnet-4-5`.

    Raises:
        ModelError: no such provider, or its key is not in the environment.
    """

    def __init__(self, name: str, sampling: Sampling, *, retry: Retry | None = None) -> None:
        self._name = name
        self._sampling = sampling
        self._retry = retry or Retry()
        self._litellm = _quiet_library()
        self._check()

    @property
    def name(self) -> str:
        """How people call it, which is how litellm does."""
        return self._name

    @property
    def grammars(self) -> bool:
        """Never: providers know JSON schemas at best."""
        return False

    def complete(
        self, messages: Sequence[Message], *, seed: int, grammar: str | None = None
    ) -> Call:
        """One reply, asked for again while the provider is merely busy; unknown prices count 0.

        Raises:
            ModelError: no answer can be had; says what to do about it.
        """
        return self._retry(lambda: self._ask(tuple(messages), seed))

    def close(self) -> None:
        """Nothing to end: litellm keeps its own connections."""

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
        # Other variables than keys have defaults, or are found elsewhere (an instance's role).
        keys = [variable for variable in wanted if variable.endswith("_API_KEY")]
        if keys:
            raise ModelError(
                f"{self._name}: no key for {provider} in the environment; "
                f"wanted {' or '.join(keys)}"
            )

    def _ask(self, messages: tuple[Message, ...], seed: int) -> Call:
        begun = time.monotonic()
        try:
            answer = self._litellm.completion(
                self._name,
                messages=[{"role": each.role, "content": each.content} for each in messages],
                seed=seed,
                temperature=self._sampling.temperature,
                max_tokens=self._sampling.max_tokens,
                timeout=self._sampling.timeout_seconds,
                num_retries=0,  # one policy retries: ours
                max_retries=0,
                drop_params=True,  # a provider without seeds ignores ours
            )
        except tuple(self._litellm.exceptions.LITELLM_EXCEPTION_TYPES) as error:
            # litellm keeps the provider's headers beside the answer that it puts together itself.
            headers = vars(error).get("litellm_response_headers") or {}
            raise fault(self._name, error.status_code, headers, str(error), _secrets()) from error
        if not answer.choices:
            raise ModelError(f"{self._name}: an answer without a choice: {quoted(str(answer))}")
        return Call(
            model=self._name,
            messages=messages,
            seed=seed,
            reply=answer.choices[0].message.content or "",
            tokens=answer.usage.total_tokens,
            dollars=self._price(answer),
            seconds=time.monotonic() - begun,
        )

    def _price(self, answer: object) -> float:
        try:
            return float(self._litellm.completion_cost(answer, model=self._name))
        except self._litellm.exceptions.ModelNotMappedError:
            return 0.0


def _quiet_library() -> ModuleType:
    # Without this, importing litellm fetches its table of prices from the network.
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    import litellm

    litellm.suppress_debug_info = True
    litellm.telemetry = False
    logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)
    return litellm


def _secrets() -> Iterator[str]:
    for variable, value in os.environ.items():
        if variable.endswith(("_KEY", "_TOKEN", "_SECRET")):
            yield value
