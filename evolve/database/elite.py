"""What selection weighs: an individual with its standing in the population."""

from __future__ import annotations

from typing import NamedTuple

from evolve.records import Individual


class Elite(NamedTuple):
    """The fittest individual of its niche.

    Attributes:
        worth: its shrunken fitness.
        curiosity: how well its offspring did of late.
    """

    individual: Individual
    worth: float
    curiosity: float

    @property
    def id(self) -> str:
        """The program's id; breaks ties, so that no order depends on who arrived first."""
        return self.individual.program.id
