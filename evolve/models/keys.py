"""Keys: read from the environment and from a file `.env`, repeated to nobody."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from evolve.errors import ModelError

ENDINGS = ("_KEY", "_TOKEN", "_SECRET")
"""How the names of variables end that hold what nobody may see."""


def read_keys(folder: Path) -> list[str]:
    """Puts the variables of the file `.env` in `folder` beside those that are set already.

    What is set in the environment goes before what the file says.

    Returns:
        The names that the file gave values to; the values are shown to nobody.

    Raises:
        ModelError: the file cannot be read as text.
    """
    from dotenv import dotenv_values

    path = folder / ".env"
    if not path.is_file():
        return []
    try:
        found = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"{path}: cannot be read ({type(error).__name__}); it holds lines NAME=value"
        ) from None
    given = {name: value for name, value in found.items() if value and name not in os.environ}
    os.environ.update(given)
    return sorted(given)


def key_for(address: str) -> str:
    """The key for a server that speaks OpenAI's protocol; empty if it needs none, as far as known.

    `LAB_EXAMPLE_ORG_API_KEY` is that of lab.example.org; without one, OPENAI_API_KEY is sent.
    """
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:  # no address at all, which is told where it is used
        host = ""
    own = f"{re.sub(r'[^A-Z0-9]', '_', host.upper())}_API_KEY"
    return (os.environ.get(own) or os.environ.get("OPENAI_API_KEY", "")).strip()


def secrets() -> Iterator[str]:
    """What must not be repeated to anybody: the values of all keys in the environment."""
    return (value for name, value in os.environ.items() if name.endswith(ENDINGS) and value)
