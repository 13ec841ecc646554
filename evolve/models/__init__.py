"""Language models behind one seam: hosted, on a server, on this machine, scripted, recorded."""

from __future__ import annotations

import os
from pathlib import Path

from evolve.errors import ModelError
from evolve.models.sampling import Sampling
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
    log: Path | None = None,
) -> Model:
    """The model that people call `name`; whoever connects it closes it.

    Args:
        name: `local:NAME_OR_PATH`, what the server at `base_url` calls it, or litellm's name.
        base_url: of an OpenAI-compatible server; its key is in OPENAI_API_KEY, if it wants one.
        temperature: 0 for the likeliest words only.
        max_tokens: the longest reply, in tokens.
        timeout_seconds: how long one attempt may take.
        log: where a local model's engine writes; nowhere if none.

    Raises:
        ModelError: no such model, provider, file, key or address.
    """
    sampling = Sampling(temperature, max_tokens, timeout_seconds)
    # Each library is imported only where its model is wanted: they take 0.7 to 2 s.
    if name.startswith(LOCAL):
        if base_url is not None:
            raise ModelError(
                f"{name} runs on this machine, but --base-url {base_url} names a server; drop one"
            )
        from evolve.models.local import LocalModel

        return LocalModel(name.removeprefix(LOCAL), sampling, log=log)
    if base_url is not None:
        from evolve.models.openai import OpenAIModel

        return OpenAIModel(name, base_url, os.environ.get("OPENAI_API_KEY", ""), sampling)
    from evolve.models.litellm import LiteLLMModel

    return LiteLLMModel(name, sampling)
