"""How a model is asked, whoever answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sampling:
    """How freely a model speaks, how much at most, and how long it is waited for.

    Attributes:
        temperature: 0 for the likeliest words only; 1 as the model was trained.
        max_tokens: the longest reply, in tokens.
        timeout_seconds: how long one attempt may take; a retry starts afresh.
    """

    temperature: float
    max_tokens: int
    timeout_seconds: float
