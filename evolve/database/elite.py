"""What selection weighs: individuals with their standing in the population."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
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


def marks_of(individuals: Iterable[Individual]) -> Marks:
    """Numbers that depend on programs' ids alone."""
    ids = (each.program.id.encode() for each in individuals)
    return np.frombuffer(b"".join(blake2b(each, digest_size=8).digest() for each in ids), "<u8")
