"""Keys: read from the environment and from a file `.env`, repeated to nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

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


def secrets() -> Iterator[str]:
    """What must not be repeated to anybody: the values of all keys in the environment."""
    return (value for name, value in os.environ.items() if name.endswith(ENDINGS) and value)
