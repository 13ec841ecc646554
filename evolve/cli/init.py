"""`evolve init`: a settings file to begin from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    path: Annotated[Path, typer.Argument(metavar="FILE")] = Path("evolve.toml"),
) -> None:
    """Write a settings file with every setting, its default and what it means.

    An existing file is never overwritten. `evolve run FILE` uses it.
    """
    from evolve import settings
    from evolve.config import Config
    from evolve.errors import RunError

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(settings.write(Config()))
    except FileExistsError:
        raise RunError(f"{path}: exists already; give another name") from None
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror})") from None
    print(f"Wrote {path}. `evolve run {path}` uses it.")
