"""What runs in the workshop's locked process for X-Net."""

from __future__ import annotations

from dataclasses import replace

from evolve.workshop import answer, unpack
from fitness import train
from fitness.pulls import pulls
from sandbox import Graph
from sandbox.activation import Activation

MOST_STEPS = 150
"""Of the recipe's: a net that has long settled wants little of its activation."""


def warm_up() -> None:
    """Loads what is loaded at first use, while files may still be opened."""
    train.warm_up()


def ask(message: bytes) -> bytes:
    """Trains nets of a graph, and answers what they want of it: points and pulls."""
    order, recipe, elsewhere, lesson = unpack(message)
    own, other = (Activation(Graph.from_json(each)) for each in (order["graph"], elsewhere))
    shorter = replace(recipe, steps=max(recipe.warm_up + 1, min(recipe.steps, MOST_STEPS)))
    found = pulls(own, lesson, shorter, other)
    if found is None:
        return answer(None, "no net of the parent could be trained")
    return answer({"points": found.points.tolist(), "pulls": found.pulls.tolist()})
