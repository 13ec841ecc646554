"""What a run has learnt and may tell an operator: attempts at a parent, lessons of a digest."""

from __future__ import annotations

import re
from dataclasses import dataclass

DIGEST = "digest:"
"""How the note of a trial begins whose model took stock; its lines follow."""


@dataclass(frozen=True)
class Attempt:
    """Something that was made of a parent, and how it ended.

    Attributes:
        outcome: how the trial ended.
        canonical: the program in our own spelling; empty if it was not admitted.
        fitness: none unless it was scored.
        code: what it was refused for; empty if it was admitted.
    """

    outcome: str
    canonical: str = ""
    fitness: float | None = None
    code: str = ""


@dataclass(frozen=True)
class Lesson:
    """Programs with an operation beside programs without it, on one task.

    Attributes:
        gain: mean gain on the task with the operation, less the mean without it.
        count: how many programs had it.
    """

    task: str
    operation: str
    gain: float
    count: int


@dataclass(frozen=True)
class Digest:
    """What worked and what failed so far.

    Attributes:
        scored: how many programs the lessons rest on.
        lessons: the clearest one for and the clearest one against on each task.
        refusals: why programs were refused, the most frequent first: code and how often.
        words: a model's own lines about it; empty if none was asked.
    """

    scored: int = 0
    lessons: tuple[Lesson, ...] = ()
    refusals: tuple[tuple[str, int], ...] = ()
    words: tuple[str, ...] = ()


def digest_lines(text: str, most: int = 6, longest: int = 200) -> tuple[str, ...]:
    """The list in what a model wrote: short plain lines, without code or anything like a heading.

    Args:
        text: begins with the list; code may follow it.
        most: lines.
        longest: characters of a line.
    """
    before = text.partition("```")[0]
    items = re.findall(r"^[ \t]*[-*][ \t]+(.+)$", before, flags=re.MULTILINE)
    plain = (re.sub(r"[^\w .,;:()+\-/%']", "", item).strip() for item in items)
    return tuple(line[:longest] for line in plain if line)[:most]
