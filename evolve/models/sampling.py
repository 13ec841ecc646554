"""How a model is asked, whoever answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WINDOW = 4096
"""Tokens of prompt and reply together that a model on this machine is given room for."""


@dataclass(frozen=True)
class Sampling:
    """How freely a model speaks, how much at most, and how long it is waited for.

    Attributes:
        temperature: 0 for the likeliest words only; 1 as the model was trained.
        max_tokens: the longest reply, in tokens.
        timeout_seconds: how long one attempt may take; a retry starts afresh.
        options: what else is said to the model, by its provider's names, e.g. a reasoning effort.
    """

    temperature: float
    max_tokens: int
    timeout_seconds: float
    options: Mapping[str, Any] = field(default_factory=dict)
