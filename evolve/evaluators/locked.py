"""What runs in a locked process: named from outside, fed bytes, answering bytes.

It sees a program's text, or a graph and lessons without hidden labels, and nothing else.
"""

from __future__ import annotations

import json
import struct

import sandbox
from fitness import train as training
from fitness.frames import pack_predictions, unpack_lessons
from fitness.recipe import Recipe
from sandbox import activation, admission

MODULE = __name__
_HEAD = struct.Struct("<I")


def warm_up() -> None:
    """Loads what is loaded at first use, while files may still be opened."""
    training.warm_up()
    admission.warm_up()


def admission_order(source: str, budget: sandbox.CostBudget) -> bytes:
    """What `admit` reads."""
    order = {"source": source, "budget": [budget.flops, budget.operations, budget.parameters]}
    return json.dumps(order).encode()


def admit(message: bytes) -> bytes:
    """Judges a program's text; answers JSON: its id, and an admission or a refusal."""
    order = json.loads(message)
    verdict = sandbox.admit(order["source"], sandbox.CostBudget(*order["budget"]))
    kind = "refusal" if isinstance(verdict, sandbox.Refusal) else "admission"
    answer = {"program": sandbox.program_id(order["source"]), kind: verdict.to_json()}
    return json.dumps(answer).encode()


def training_order(graph: str, recipe: Recipe, lessons: bytes) -> bytes:
    """What `train` reads: the length of a JSON head, the head, and the packed lessons."""
    head = json.dumps({"graph": graph, "recipe": recipe.to_json()}).encode()
    return _HEAD.pack(len(head)) + head + lessons


def train(message: bytes) -> bytes:
    """Trains all nets of a graph on all lessons; answers their predictions as one frame."""
    (length,) = _HEAD.unpack_from(message)
    head = json.loads(message[_HEAD.size : _HEAD.size + length])
    compiled = activation.Activation(sandbox.Graph.from_json(head["graph"]))
    lessons = unpack_lessons(message[_HEAD.size + length :])
    recipe = Recipe.from_json(head["recipe"])
    return pack_predictions(training.train_all(compiled, lessons, recipe))
