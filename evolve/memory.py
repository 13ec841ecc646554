"""The memory of a run, a fold over its records: what was tried from whom, and the digest of it all.

A lesson is a difference of means with Welch's t above 2 (Welch 1947): a hint for whoever writes the
next program, and no claim, since hundreds of pairs are looked at.
"""

from __future__ import annotations

import math
import re
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.experience import DIGEST, Attempt, Digest, Lesson, digest_lines
from evolve.records import Individual, Outcome, Record

Row: TypeAlias = npt.NDArray[np.float64]

LATEST = 6
"""Attempts at one parent that are told."""

PARENTS = 2000
"""Parents whose attempts are kept, the latest varied: a run may go on for ever."""

FEWEST = 5  # programs with an operation, and without it, that a lesson rests on
CLEAR = 2.0  # Welch's t
TOLD = 5  # refusals

_OPERATION = re.compile(r"\b(?:torch|F)\.(\w+)\(")
_CODE = re.compile(r"\w+")


@dataclass
class Memory:
    """Attempts by parent, and the digest, taken anew after every so many scored trials.

    Attributes:
        every: scored trials from one digest to the next; 0 for no digest.
    """

    every: int
    _words: tuple[str, ...] = ()
    # What the digest rests on; it is made when it is asked for, since a resumed run needs the last.
    _scored: tuple[Individual, ...] = ()
    _told: tuple[tuple[str, int], ...] = ()
    _lessons: tuple[Lesson, ...] | None = ()
    _tried: OrderedDict[str, deque[Attempt]] = field(default_factory=OrderedDict)
    _refused: Counter[str] = field(default_factory=Counter)
    _since: int = 0

    @property
    def digest(self) -> Digest:
        """What worked and what failed when it was last taken, and a model's latest words."""
        if self._lessons is None:
            self._lessons = tuple(lessons_of(self._scored))
        return Digest(len(self._scored), self._lessons, self._told, self._words)

    def tried(self, parent: str) -> tuple[Attempt, ...]:
        """What was made of a parent lately, the oldest first."""
        return tuple(self._tried.get(parent, ()))

    def note(self, record: Record, scored: Sequence[Individual]) -> None:
        """Takes in a trial.

        Args:
            record: how it ended.
            scored: the latest that the run has scored, this one among them.
        """
        refused = record.outcome in (Outcome.REFUSED, Outcome.OVER_BUDGET)
        code = found[0] if refused and (found := _CODE.match(record.detail)) else ""
        if code:
            self._refused[code] += 1
        if record.parents and record.program is not None:
            self._keep(record, code)
        if not self.every:
            return
        if record.note.startswith(DIGEST) and (words := digest_lines(record.note)):
            self._words = words
        self._since += record.evaluation is not None
        if self._since >= self.every:
            self._since = 0
            self._told = tuple(self._refused.most_common(TOLD))
            self._scored, self._lessons = tuple(scored), None

    def _keep(self, record: Record, code: str) -> None:
        admission, evaluation = record.admission, record.evaluation
        attempt = Attempt(
            outcome=record.outcome,
            canonical=admission.canonical if admission else "",
            fitness=evaluation.fitness if evaluation else None,
            code=code,
        )
        parent = record.parents[0]
        tried = self._tried.setdefault(parent, deque(maxlen=LATEST))
        if not any(each.canonical == attempt.canonical != "" for each in tried):
            tried.append(attempt)
        self._tried.move_to_end(parent)
        if len(self._tried) > PARENTS:
            self._tried.popitem(last=False)


def lessons_of(scored: Sequence[Individual]) -> Iterator[Lesson]:
    """The clearest lesson for and the clearest against on each task."""
    complete = [each for each in scored if each.evaluation.complete]
    if not complete:
        return
    used = [_operations(each.admission.canonical) for each in complete]
    users = {each: np.array([each in one for one in used]) for each in sorted(set().union(*used))}
    gained = [each.evaluation.by_task for each in complete]
    for task in sorted(gained[-1]):
        gains = np.array([each.get(task, math.nan) for each in gained])
        found = [
            lesson
            for operation, has in users.items()
            if (lesson := _lesson(task, operation, gains, has)) is not None
        ]
        if not found:
            continue
        best = max(found, key=lambda each: each.gain)
        worst = min(found, key=lambda each: each.gain)
        yield from (each for each in dict.fromkeys((best, worst)))


@lru_cache(2048)  # one digest and the next are of much the same programs
def _operations(canonical: str) -> frozenset[str]:
    return frozenset(_OPERATION.findall(canonical))


def _lesson(task: str, operation: str, gains: Row, used: npt.NDArray[np.bool_]) -> Lesson | None:
    known = np.isfinite(gains)
    has, lacks = used & known, ~used & known
    if min(has.sum(), lacks.sum()) < FEWEST:
        return None
    one, other = gains[has], gains[lacks]
    difference = float(one.mean() - other.mean())
    error = float(np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other)))
    if abs(difference) <= CLEAR * error:
        return None
    return Lesson(task, operation, difference, int(has.sum()))
