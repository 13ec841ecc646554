"""Any server that speaks OpenAI's protocol: vLLM, llama.cpp, Ollama, LM Studio, SGLang, OpenAI."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import cast
from urllib.parse import urlsplit

import openai
from openai.types.chat import ChatCompletionMessageParam
from pydantic import BaseModel, Field, ValidationError

from evolve.errors import ModelError
from evolve.models.faults import fault, quoted
from evolve.models.retry import Retry
from evolve.models.sampling import Sampling
from evolve.records import Call, Message

_CONNECT_SECONDS = 10.0


# The library checks no types: an HTML page arrives as text, a list as anything. We do.
class _Words(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Words


class _Usage(BaseModel):
    total_tokens: int = 0


class _Answer(BaseModel):
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


class OpenAIModel:
    """A model behind an OpenAI-compatible address, such as `http://localhost:8000/v1`.

    Args:
        name: what the server calls the model.
        base_url: up to and including `/v1`.
        key: sent as bearer token; kept by the connection alone.
        grammars: whether the server takes llama.cpp's extra field `grammar`.
        called: how people call the model, where that is not `name`.

    Raises:
        ModelError: the address is not one.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        key: str,
        sampling: Sampling,
        *,
        grammars: bool = False,
        called: str = "",
        retry: Retry | None = None,
    ) -> None:
        if not _is_address(base_url):
            raise ModelError(
                f"--base-url {base_url!r} is not a web address; "
                "wanted something like http://localhost:8000/v1"
            )
        self._served = name
        self._called = called or name
        self._address = base_url
        self._secrets = (key,)
        self._sampling = sampling
        self._grammars = grammars
        self._retry = retry or Retry()
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=key or "none",  # the library insists; servers without keys ignore it
            max_retries=0,  # one policy retries: ours
            timeout=openai.Timeout(sampling.timeout_seconds, connect=_CONNECT_SECONDS),
        )

    @property
    def name(self) -> str:
        """How people call it."""
        return self._called

    @property
    def grammars(self) -> bool:
        """Whether replies can be held to a grammar."""
        return self._grammars

    def complete(
        self, messages: Sequence[Message], *, seed: int, grammar: str | None = None
    ) -> Call:
        """One reply, asked for again while the server is merely busy; it has no price here.

        Raises:
            ModelError: no answer can be had; says what to do about it.
        """
        return self._retry(lambda: self._ask(tuple(messages), seed, grammar))

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def _ask(self, messages: tuple[Message, ...], seed: int, grammar: str | None) -> Call:
        begun = time.monotonic()
        try:
            response = self._client.chat.completions.with_raw_response.create(
                model=self._served,
                messages=cast(
                    "list[ChatCompletionMessageParam]",
                    [{"role": each.role, "content": each.content} for each in messages],
                ),
                seed=seed,
                temperature=self._sampling.temperature,
                max_tokens=self._sampling.max_tokens,
                extra_body={"grammar": grammar} if grammar else None,
            )
        except openai.APIStatusError as error:
            headers = error.response.headers
            raise fault(
                self.name, error.status_code, headers, error.message, self._secrets
            ) from error
        except openai.APITimeoutError as error:
            waited = f"none within {self._sampling.timeout_seconds:g} s"
            raise fault(self.name, None, {}, waited) from error
        except openai.APIConnectionError as error:
            said = str(error.__cause__ or error)
            raise fault(self.name, None, {}, said, self._secrets) from error
        answer = self._understood(response.text)
        tokens = answer.usage.total_tokens if answer.usage else 0
        reply = answer.choices[0].message.content or ""
        return Call(self.name, messages, seed, reply, tokens, seconds=time.monotonic() - begun)

    def _understood(self, text: str) -> _Answer:
        try:
            return _Answer.model_validate_json(text)
        except ValidationError as error:
            raise ModelError(
                f"{self.name}: {self._address} does not answer in OpenAI's protocol, but: "
                f"{quoted(text, self._secrets) or 'nothing'}; such addresses usually end in /v1"
            ) from error


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that cannot be
        return False
