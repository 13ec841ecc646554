"""Language models behind one seam: hosted, on a server, on this machine, scripted, recorded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evolve.calls import FREE, Price
from evolve.config import ModelTable
from evolve.errors import ModelError
from evolve.models.keys import key_for, read_keys
from evolve.models.sampling import WINDOW, Sampling
from evolve.protocols import Model

LOCAL = "local:"
EMBEDDED_MODEL = f"{LOCAL}smollm2-135m"
"""The model that needs neither a key nor a network."""


def connect(
    name: str,
    base_url: str | None,
    *,
    temperature: float,
    max_tokens: int,
    timeout_seconds: float,
    options: Mapping[str, Any] | None = None,
    log: Path | None = None,
) -> Model:
    """The model that people call `name`; whoever connects it closes it.

    Args:
        name: `local:NAME_OR_PATH`, litellm's name, `NAME@URL` for a server that speaks OpenAI's
            protocol, or what the server at `base_url` calls it.
        base_url: of such a server; its key is in HOST_API_KEY, dots as underlines, or in
            OPENAI_API_KEY, if it wants one.
        temperature: 0 for the likeliest words only.
        max_tokens: the longest reply, in tokens.
        timeout_seconds: how long one attempt may take.
        options: what else is said to the model, by its provider's names.
        log: where a local model's engine writes; nowhere if none.

    Raises:
        ModelError: no such model, provider, file, key or address.
    """
    sampling = Sampling(temperature, max_tokens, timeout_seconds, options or {})
    # Each library is imported only where its model is wanted: they take 0.7 to 2 s.
    if name.startswith(LOCAL):
        if base_url is not None:
            raise ModelError(
                f"{name} runs on this machine, but --base-url {base_url} names a server; drop one"
            )
        from evolve.models.local import LocalModel

        return LocalModel(name.removeprefix(LOCAL), sampling, log=log)
    read_keys(Path.cwd())
    served, address = served_at(name, base_url)
    if address is not None:
        from evolve.models.openai import OpenAIModel, Served

        key = key_for(address)
        return OpenAIModel(Served(served, address, key, called=name), sampling)
    from evolve.models.litellm import LiteLLMModel

    return LiteLLMModel(name, sampling)


def configured(name: str, table: ModelTable) -> Model:
    """The model `name` under the settings `table`; their address is that of their own model alone.

    Raises:
        ModelError: no such model, provider, file, key or address.
    """
    return connect(
        name,
        table.base_url if name == table.name else None,
        temperature=table.temperature,
        max_tokens=table.max_tokens,
        timeout_seconds=table.timeout_seconds,
        options=table.options,
    )


def served_at(name: str, base_url: str | None) -> tuple[str, str | None]:
    """What a server calls a model, and the server's address: `NAME@URL` taken apart, if it is so.

    The address is none for a model that is not on a server of one's own.
    """
    served, at, url = name.partition("@http")
    return (served, f"http{url}") if at else (name, base_url)


def price_of(name: str, base_url: str | None) -> Price | None:
    """What a model charges, as far as it is known without asking anybody and without a key."""
    if name.startswith(LOCAL):
        return FREE
    if served_at(name, base_url)[1] is not None:
        return None
    from evolve.models import litellm

    return litellm.price_of(name)


def window_of(name: str, base_url: str | None) -> int | None:
    """Tokens that a model can read, as far as that is known without asking anybody."""
    if name.startswith(LOCAL):
        return WINDOW
    if served_at(name, base_url)[1] is not None:
        return None
    from evolve.models import litellm

    return litellm.window_of(name)
