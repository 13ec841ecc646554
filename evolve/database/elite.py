"""What selection weighs: individuals with their standing in the population."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.database.shrinkage import Column
from evolve.records import Individual

Marks: TypeAlias = npt.NDArray[np.uint64]
"""[elites], a number that belongs to each for good."""


class Elite(NamedTuple):
    """The fittest individual of its niche; `worth` is its shrunken fitness."""

    individual: Individual
    worth: float

    @property
    def id(self) -> str:
        """The program's id; breaks ties, so that no order depends on who arrived first."""
        return self.individual.program.id


@dataclass(frozen=True)
class Elites:
    """All elites of an archive, in the order of their ids: whoever arrived first has no advantage.

    Attributes:
        worths: [elites], the shrunken fitness of each.
        marks: [elites], of their ids.
        curiosity: a program's id -> how well its offspring did of late.
    """

    individuals: Sequence[Individual]
    worths: Column
    marks: Marks
    curiosity: Mapping[str, float]

    def __len__(self) -> int:
        return len(self.individuals)

    def __iter__(self) -> Iterator[Elite]:
        return map(Elite, self.individuals, self.worths.tolist())


def marks_of(individuals: Sequence[Individual]) -> Marks:
    """Numbers that depend on programs' ids alone, which have at most 16 characters."""
    ids = np.array([each.program.id for each in individuals], dtype="S16")
    begin, end = ids.view("<u8").reshape(len(ids), 2).T
    return _mixed(_mixed(begin) ^ end)


def _mixed(words: Marks) -> Marks:
    """Every bit of a word from all its bits (SplitMix64: Steele, Lea & Flood 2014)."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
