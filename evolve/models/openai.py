"""Any server that speaks OpenAI's protocol: vLLM, llama.cpp, Ollama, LM Studio, SGLang, OpenAI."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast
from urllib.parse import urlsplit

import httpx
import openai
from openai.types.chat import ChatCompletionMessageParam
from pydantic import BaseModel, Field, ValidationError

from evolve.calls import Price
from evolve.errors import ModelError
from evolve.models.faults import Busy, Ended, fault, quoted
from evolve.models.keys import secrets
from evolve.models.retry import Retry
from evolve.models.sampling import Sampling
from evolve.records import Call, Message

_CONNECT_SECONDS = 10.0
_LONGEST = 2**22  # bytes of an answer; no reply to us is a hundredth of that


# The library checks no types: an HTML page arrives as text, a list as anything. We do.
class _Words(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Words


class _Usage(BaseModel):
    total_tokens: int = Field(0, ge=0)
    prompt_tokens: int = Field(0, ge=0)
    completion_tokens: int = Field(0, ge=0)
    cost: float = Field(0.0, ge=0, allow_inf_nan=False)  # dollars, where a server tells

    def at(self, price: Price | None) -> float:
        """Dollars at a price that is known here."""
        if price is None:
            return 0.0
        return self.prompt_tokens * price.read + self.completion_tokens * price.written


class _Answer(BaseModel):
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


@dataclass(frozen=True)
class Served:
    """A model behind an OpenAI-compatible address, such as `http://localhost:8000/v1`.

    Attributes:
        name: what the server calls it.
        base_url: up to and including `/v1`.
        key: sent as bearer token.
        called: how people call it, where that is not `name`.
        grammars: whether the server takes llama.cpp's extra field `grammar`.
        price: what it charges, if that is known; a server that tells what a call cost is believed.
    """

    name: str
    base_url: str
    key: str = field(default="", repr=False)
    called: str = ""
    grammars: bool = False
    price: Price | None = None


class OpenAIModel:
    """Asks what is served, over connections of its own.

    Raises:
        ModelError: the address is not one.
    """

    def __init__(self, served: Served, sampling: Sampling, *, retry: Retry | None = None) -> None:
        if not _is_address(served.base_url):
            raise ModelError(
                f"--base-url {served.base_url!r} is not a web address; "
                "wanted something like http://localhost:8000/v1"
            )
        self._served = served
        self._secrets = (served.key, *secrets())
        self._sampling = sampling
        self._retry = retry or Retry()
        self._understands = False  # whether the server has ever answered in the protocol
        self._client = openai.OpenAI(
            base_url=served.base_url,
            api_key=served.key or "none",  # the library insists; servers without keys ignore it
            max_retries=0,  # one policy retries: ours
            timeout=openai.Timeout(
                sampling.timeout_seconds,  # for the first byte, and between two pieces
                connect=min(_CONNECT_SECONDS, sampling.timeout_seconds),
            ),
        )

    @property
    def name(self) -> str:
        """How people call it."""
        return self._served.called or self._served.name

    @property
    def grammars(self) -> bool:
        """Whether replies can be held to a grammar."""
        return self._served.grammars

    @property
    def price(self) -> Price | None:
        """What it was said to charge."""
        return self._served.price

    def complete(
        self, messages: Sequence[Message], *, seed: int, grammar: str | None = None
    ) -> Call:
        """One reply, asked for again while the server is merely busy.

        Raises:
            Unanswered: no answer can be had; says what to do about it.
        """
        question = Call(self.name, tuple(messages), seed, "")
        return self._retry(question, lambda: self._ask(question, grammar))

    def close(self) -> None:
        """Gives the connections back; whoever waits for an answer gets none."""
        self._retry.gate.end()
        self._client.close()

    def _ask(self, question: Call, grammar: str | None) -> Call:
        begun = time.monotonic()
        try:
            text = self._answer(question, grammar, begun)
        except openai.APIStatusError as error:
            headers = error.response.headers
            raise fault(
                self.name, error.status_code, headers, error.message, self._secrets
            ) from error
        except (openai.APITimeoutError, httpx.TimeoutException) as error:
            raise fault(self.name, None, {}, self._late) from error
        except (openai.APIConnectionError, httpx.TransportError) as error:
            said = str(error.__cause__ or error)
            raise fault(self.name, None, {}, said, self._secrets) from error
        answer = self._understood(text)
        usage, words = answer.usage or _Usage(), answer.choices[0].message
        return replace(
            question,
            reply=words.content or words.refusal or "",
            tokens=usage.total_tokens,
            dollars=usage.cost or usage.at(self.price),
            seconds=time.monotonic() - begun,
        )

    @property
    def _late(self) -> str:
        return f"none within {self._sampling.timeout_seconds:g} s"

    def _answer(self, question: Call, grammar: str | None, begun: float) -> str:
        """The body of the answer, read piece by piece: a server may also be slow to the end."""
        body = bytearray()
        told = dict(self._sampling.options)
        headers = told.pop("extra_headers", None)
        with self._client.chat.completions.with_streaming_response.create(
            model=self._served.name,
            messages=cast(
                "list[ChatCompletionMessageParam]",
                [{"role": each.role, "content": each.content} for each in question.messages],
            ),
            seed=question.seed,
            temperature=self._sampling.temperature,
            max_tokens=self._sampling.max_tokens,
            extra_headers=headers,
            extra_body={**told, **({"grammar": grammar} if grammar else {})},
        ) as response:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > _LONGEST:
                    raise self._strange(f"more than {_LONGEST >> 20} MiB")
                if time.monotonic() - begun > self._sampling.timeout_seconds:
                    raise fault(self.name, None, {}, self._late)
        return body.decode("utf-8", errors="replace")

    def _understood(self, text: str) -> _Answer:
        try:
            answer = _Answer.model_validate_json(text)
        except ValidationError as error:
            raise self._strange(quoted(text, self._secrets) or "nothing") from error
        self._understands = True
        return answer

    def _strange(self, said: str) -> ModelError:
        """An answer that is none: for good, unless the server has answered well before."""
        where = self._served.base_url
        why = f"{self.name}: {where} does not answer in OpenAI's protocol, but: {said}"
        if self._understands:
            return Busy(why)
        return Ended(f"{why}; such addresses usually end in /v1")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that cannot be
        return False
