"""A member of a space carries its spelling in its docstring, so that it can be read back."""

from __future__ import annotations

import re

from evolve.records import Individual

_HEAD = re.compile(r"^def activation\(.*\):\n", re.MULTILINE)


def labelled(source: str, space: str, spelling: str) -> str:
    """Program text whose docstring says which member of which space it is."""
    return _HEAD.sub(lambda head: f'{head[0]}    """{space}: {spelling}"""\n', source, count=1)


def label(individual: Individual, space: str) -> str:
    """The spelling that `labelled` wrote; empty for any other program.

    Anybody can write a docstring: whoever reads it compares what it says with the graph.
    """
    found = re.search(rf'"""{space}: ([^"]*)"""', individual.program.source)
    return found[1] if found else ""
