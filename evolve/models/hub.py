"""Weights on the Hugging Face hub: fetched once, through huggingface_hub, which keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from evolve.errors import ModelError

PREFIX = "hub:"
"""`hub:OWNER/REPOSITORY/FILE.gguf` is a file on the hub."""


@dataclass(frozen=True)
class OnHub:
    """A file on the hub; `sha256` is empty where nobody here has seen it."""

    repository: str
    file: str
    sha256: str = ""


KNOWN: Mapping[str, OnHub] = MappingProxyType(
    {
        f"qwen2.5-coder-{size}": OnHub(
            f"Qwen/Qwen2.5-Coder-{size.upper()}-Instruct-GGUF",
            f"qwen2.5-coder-{size}-instruct-q4_k_m.gguf",
            sha256,
        )
        for size, sha256 in (
            ("0.5b", "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"),
            ("1.5b", "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"),
        )
    }
)
"""Short name -> file. Qwen2.5-Coder-Instruct of these sizes is Apache-2.0, by Alibaba Cloud."""


def on_hub(name: str) -> OnHub | None:
    """The file behind a short name or `hub:OWNER/REPOSITORY/FILE`; none for anything else.

    Raises:
        ModelError: it begins like a file on the hub, and is none.
    """
    if not name.startswith(PREFIX):
        return KNOWN.get(name)
    parts = name.removeprefix(PREFIX).split("/", 2)
    if len(parts) < 3 or not all(parts):
        raise ModelError(
            f"local:{name}: wanted hub:OWNER/REPOSITORY/FILE.gguf, or one of: {', '.join(KNOWN)}"
        )
    return OnHub("/".join(parts[:2]), parts[2])


def fetched(wanted: OnHub) -> Path:
    """The file on this machine; downloaded the first time, and gone on with where that broke off.

    Raises:
        ModelError: there is no such file, or the hub cannot be reached.
    """
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    where = f"{wanted.repository}/{wanted.file}"
    try:
        return Path(hf_hub_download(wanted.repository, wanted.file))
    except HFValidationError as error:
        raise ModelError(f"{where} is no name on the hub: {str(error).splitlines()[0]}") from error
    except (LocalEntryNotFoundError, OSError) as error:
        why = "is not there, or is not open to you"
        if isinstance(error, LocalEntryNotFoundError) or not isinstance(error, HfHubHTTPError):
            why = "cannot be fetched: the hub does not answer, and no copy is kept here"
        raise ModelError(
            f"{where} {why}; download it elsewhere, and name its path: --model local:FILE.gguf"
        ) from error
