"""From declared tasks to tasks; a kind of task is a function here and its keys in `declaration`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b
from types import MappingProxyType

from fitness.errors import FitnessError
from fitness.suites.builtin import built_in
from fitness.suites.declaration import Entry
from fitness.suites.own import own_task, source
from fitness.task import Task


def build(entry: Entry) -> Task:
    """The task; tables are read, sources fetched, the user's own code imported.

    Raises:
        FitnessError: it cannot be had; the message begins with its place in the file.
    """
    try:
        return _BUILDERS[entry.kind](entry)
    except FitnessError as error:
        raise FitnessError(f"{entry.place}: {error}") from None


def family(entry: Entry) -> str | None:
    """The task's family as it is declared; none where only the user's own code knows it."""
    if entry.kind == "table":
        return str(entry.said.get("family", "table"))
    return built_in(entry.said["name"]).family if entry.kind == "built-in" else None


def content(entry: Entry) -> str:
    """A digest of the bytes that the task is made from, beside what its entry says.

    A table in a file and a user's own module are read; built-in tasks and public sets are known
    by their names.

    Raises:
        FitnessError: a file is missing.
    """
    try:
        return blake2b(_bytes(entry), digest_size=16).hexdigest()
    except FitnessError as error:
        raise FitnessError(f"{entry.place}: {error}") from None


def _bytes(entry: Entry) -> bytes:
    if entry.kind == "own":
        return source(entry.said["use"], entry.folder)
    if entry.kind == "table" and "path" in entry.said:
        from fitness.tables.paths import checked

        return checked(entry.folder / entry.said["path"]).read_bytes()
    return b""


def _table(entry: Entry) -> Task:
    from fitness.tables.loading import TableDeclaration, load_table

    said = entry.said
    return load_table(
        TableDeclaration(
            place=entry.folder / said["path"] if "path" in said else said["source"],
            shift=said["shift"],
            name=str(entry.name),
            family=str(family(entry)),
            target=said.get("target"),
            classes=said.get("classes"),
            drop=tuple(said.get("drop", ())),
        )
    )


_BUILDERS: Mapping[str, Callable[[Entry], Task]] = MappingProxyType(
    {
        "built-in": lambda entry: built_in(entry.said["name"]),
        "own": lambda entry: own_task(entry.said["use"], entry.folder),
        "table": _table,
    }
)
