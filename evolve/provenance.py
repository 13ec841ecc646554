"""What a run is made with: settings, code, libraries, data; and how two sessions differ."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from evolve.config import Config
from evolve.session import Session

_LIBRARIES = ("activolve", "numpy", "ray", "torch")
_ROOMS = ("evolve", "fitness", "prompts", "sandbox")
_SILENT = ("cli", "export", "report", "view")  # what only shows: no figure depends on it


def here(config: Config, suite: str) -> Session:
    """A session that begins now, on this machine, under the settings `config`."""
    system = platform.uname()
    return Session(
        began=datetime.now(UTC).isoformat(timespec="seconds"),
        settings=config.model_dump(mode="json"),
        versions=_versions(),
        suite=suite,
        machine=f"{system.system} {system.release} {system.machine}",
        commit=_commit(),
    )


def differences(before: Session, now: Session, tables: Collection[str] | None = None) -> list[str]:
    """`name: before -> now` for code, libraries, data and settings that differ.

    Args:
        before: a session.
        now: a later one, or one of another run.
        tables: whose settings are compared; without them all but the budget, which may change.
    """
    compared = {*now.settings} - {"budget"} if tables is None else tables
    settings = [
        (f"{table}.{key}", before.settings.get(table, {}).get(key), value)
        for table, values in now.settings.items()
        if table in compared
        for key, value in values.items()
    ]
    found = [*_changed(before.versions, now.versions), *_unequal(settings)]
    return [*found, *_unequal([("suite", before.suite, now.suite)])]


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    names = dict.fromkeys([*before, *now])
    return _unequal((name, before.get(name), now.get(name)) for name in names)


def _unequal(pairs: Iterable[tuple[str, Any, Any]]) -> Iterator[str]:
    return (f"{name}: {old} -> {new}" for name, old, new in pairs if old != new)


@cache
def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in _LIBRARIES}
    code = {f"code of {room}": _digest(room) for room in _ROOMS}
    return {**libraries, "python": ".".join(platform.python_version_tuple()[:2]), **code}


def _digest(room: str) -> str:
    """12 hex digits of all source in a package: a version number says too little of a checkout."""
    folder = _folder(room)
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.suffix in (".py", ".md") and not (room == "evolve" and inner.parts[0] in _SILENT):
            digest.update(f"{inner.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _folder(room: str) -> Path:
    found = find_spec(room)
    assert found is not None  # noqa: S101  (the four packages are installed together)
    assert found.origin is not None  # noqa: S101
    return Path(found.origin).parent


@cache
def _commit() -> str:
    """The checkout's commit, with `-dirty` if it was changed; empty where there is no git."""
    root = _folder("evolve").parent
    if not (root / ".git").exists():
        return ""
    words = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--match="]
    try:
        told = subprocess.run(  # noqa: S603  (git itself, on our own folder)
            words, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.strip()
