"""Programs that a user names: a file, or a textbook activation."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from evolve.errors import ConfigError

_LARGEST = 2**20


ALL, TRAINED = "all", "learnable"
"""The words for every textbook activation, and for those that are trained with the weights."""


def entrants_of(names: Iterable[str], beside: Iterable[str]) -> dict[str, str]:
    """Programs by name, each once: those that a user named, then those they stand beside.

    The identity is left out: it stands in every contest, by least squares.

    Raises:
        ConfigError: a name is neither a file's nor a textbook activation's.
    """
    from fitness.baselines import LEARNABLE, LINEAR, TIER_1

    groups = {ALL: TIER_1, TRAINED: LEARNABLE}
    known = {name.casefold(): name for group in groups.values() for name in group}
    sources = {}
    for word in names:
        for name in groups[word] if word in groups and not Path(word).exists() else (word,):
            source = source_of(name)
            is_file = Path(name).exists()
            sources[str(Path(name)) if is_file else known[name.casefold()]] = source
    sources |= {name: TIER_1[name] for name in beside}
    return {name: source for name, source in sources.items() if name != LINEAR}


def source_of(name: str) -> str:
    """Text of the file `name`, or of the textbook activation called so.

    Raises:
        ConfigError: neither exists, or the file is not a text of reasonable size.
    """
    from fitness.baselines import baseline
    from fitness.errors import FitnessError

    path = Path(name)
    if path.exists() or path.suffix == ".py":
        return read_program(path)
    try:
        return baseline(name)
    except FitnessError as error:
        raise ConfigError(f"{name}: no such file, and {error}") from None


def read_program(path: Path) -> str:
    """Text of the program in the file `path`.

    Raises:
        ConfigError: there is none, or it is not a text of reasonable size.
    """
    if path.is_dir():
        raise ConfigError(f"{path}: is a folder; name a file that holds one program")
    try:
        if path.stat().st_size > _LARGEST:
            raise ConfigError(f"{path}: larger than {_LARGEST} bytes; a program has a few lines")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not a text in UTF-8; name a file of Python source") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    if not text.strip():
        raise ConfigError(f"{path}: empty; write `def activation(x): ...` into it")
    return text
