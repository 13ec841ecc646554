"""Jobs for operators that learn from networks: what crosses into their locked process, and back.

A job is a function from bytes to bytes in a module that the workshop preloads. It is sent an order
(plain JSON values), the recipe and one lesson without hidden labels; it answers a JSON object,
in which `fault` says why there is nothing.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

from fitness.frames import pack_lessons, unpack_lessons
from fitness.lesson import Lesson
from fitness.recipe import Recipe

FAULT = "fault"
_HEAD = struct.Struct("<I")


def pack(order: Mapping[str, Any], recipe: Recipe, elsewhere: str, lesson: Lesson) -> bytes:
    """The length of a JSON head, the head, and the lesson.

    Args:
        order: what the operator says.
        recipe: how the run's nets are trained.
        elsewhere: graph of the activation in the layers that the recipe does not give away.
        lesson: one task's.
    """
    head = {"order": order, "recipe": recipe.to_json(), "elsewhere": elsewhere}
    text = json.dumps(head).encode()
    return _HEAD.pack(len(text)) + text + pack_lessons([lesson])


def unpack(message: bytes) -> tuple[dict[str, Any], Recipe, str, Lesson]:
    """What `pack` packed."""
    (length,) = _HEAD.unpack_from(message)
    head = json.loads(message[_HEAD.size : _HEAD.size + length])
    (lesson,) = unpack_lessons(message[_HEAD.size + length :])
    return head["order"], Recipe.from_json(head["recipe"]), head["elsewhere"], lesson


def answer(found: Mapping[str, Any] | None, fault: str = "") -> bytes:
    """A job's answer; `fault` where nothing was found."""
    return json.dumps({FAULT: fault} if found is None else found).encode()
