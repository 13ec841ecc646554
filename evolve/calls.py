"""Questions to language models and their answers, as values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One turn of a conversation; `role` is system, user or assistant."""

    role: str
    content: str


def request(model: str, messages: Sequence[Message], seed: int) -> str:
    """What identifies a question: 24 hex digits of whom, what, and with which seed."""
    asked = [model, [[each.role, each.content] for each in messages], seed]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Price:
    """What a model charges, in dollars a token."""

    read: float
    written: float


FREE = Price(0.0, 0.0)

ENDS = "; it is not asked again in this session"
"""How the failure of a call ends after which its model has nothing more to say."""


@dataclass(frozen=True)
class Call:
    """One question put to a language model, and what came back.

    Attributes:
        seed: handed to the model's sampler; with the messages it identifies the call.
        tokens: read and written.
        dollars: 0 for a model without a price.
        seconds: wall time, waiting included.
        retries: attempts that failed before this answer came, or before the last one failed too.
        failure: why no answer came; empty if one did.
    """

    model: str
    messages: tuple[Message, ...]
    seed: int
    reply: str
    tokens: int = 0
    dollars: float = 0.0
    seconds: float = 0.0
    retries: int = 0
    failure: str = ""

    @property
    def attempts(self) -> int:
        """How often the question was sent."""
        return self.retries + 1

    @property
    def request(self) -> str:
        """What identifies the question; the same question has the same."""
        return request(self.model, self.messages, self.seed)
