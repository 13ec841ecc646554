"""What is asked of a locked process, as bytes; light, for those who only ask."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence

from fitness.recipe import Recipe
from sandbox import CostBudget

LOCKED = "evolve.evaluators.locked"
ADMIT, CURVE, TRAIN = (f"{LOCKED}:{name}" for name in ("admit", "curve", "train"))
_HEAD = struct.Struct("<I")


def admission_order(source: str, budget: CostBudget) -> bytes:
    """A program's text, and the largest cost that it may have."""
    order = {"source": source, "budget": [budget.flops, budget.operations, budget.parameters]}
    return json.dumps(order).encode()


def read_admission_order(message: bytes) -> tuple[str, CostBudget]:
    """What `admission_order` packed."""
    order = json.loads(message)
    return order["source"], CostBudget(*order["budget"])


def training_order(graphs: Sequence[str], elsewhere: str, recipe: Recipe, lessons: bytes) -> bytes:
    """The length of a JSON head, the head, and the packed lessons.

    Args:
        graphs: of the candidates, which are trained in one batch.
        elsewhere: of the activation in the layers that the recipe does not give to a candidate.
        recipe: how nets are trained.
        lessons: from `fitness.frames`.
    """
    order = {"graphs": list(graphs), "elsewhere": elsewhere, "recipe": recipe.to_json()}
    head = json.dumps(order).encode()
    return _HEAD.pack(len(head)) + head + lessons


def read_training_order(message: bytes) -> tuple[list[str], str, Recipe, bytes]:
    """What `training_order` packed."""
    (length,) = _HEAD.unpack_from(message)
    order = json.loads(message[_HEAD.size : _HEAD.size + length])
    lessons = message[_HEAD.size + length :]
    return order["graphs"], order["elsewhere"], Recipe.from_json(order["recipe"]), lessons
