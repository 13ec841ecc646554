"""Tasks as people see them: what each is, and a few of its points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """What a task is.

    Attributes:
        task: its name.
        split: where its suite has it.
        family: its kind of structure.
        shifts: its distributions, the one that is trained on first.
        features: numbers that an input, or an element of a set, has.
        elements: of the largest set that was drawn; 1 where inputs are no sets.
        classes: how many there are to tell apart; 0 of a task with numbers for targets.
    """

    task: str
    split: str
    family: str
    shifts: tuple[str, ...]
    features: int
    elements: int
    classes: int


@dataclass(frozen=True)
class Points:
    """Points of one distribution, as a picture has them."""

    x: list[float]
    y: list[float]


@dataclass(frozen=True)
class Sketch:
    """A task in two dimensions.

    Attributes:
        card: what it is.
        labels: of the axes.
        curve: the target of the one feature is drawn; else points alone are.
        inside: in distribution.
        outside: after the shift.
    """

    card: Card
    labels: tuple[str, str]
    curve: bool
    inside: Points
    outside: Points
