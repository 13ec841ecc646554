"""What runs in a locked process: named from outside, fed bytes, answering bytes.

It sees a program's text, or a graph and lessons without hidden labels, and nothing else.
"""

from __future__ import annotations

import json

import torch

import sandbox
from evolve.evaluators.orders import read_admission_order, read_training_order
from fitness import train as training
from fitness.frames import pack_predictions, unpack_lessons
from sandbox import activation, admission


def warm_up() -> None:
    """Loads what is loaded at first use, while files may still be opened."""
    training.warm_up()
    admission.warm_up()


def admit(message: bytes) -> bytes:
    """Judges a program's text; answers JSON: its id, and an admission or a refusal."""
    source, budget = read_admission_order(message)
    verdict = sandbox.admit(source, budget)
    kind = "refusal" if isinstance(verdict, sandbox.Refusal) else "admission"
    return json.dumps({"program": sandbox.program_id(source), kind: verdict.to_json()}).encode()


def curve(message: bytes) -> bytes:
    """Values and slopes of a graph between -5 and 5, as JSON: for a picture."""
    compiled = activation.Activation(sandbox.Graph.from_json(message.decode()))
    x = torch.linspace(-5, 5, 121, dtype=torch.float64)
    initial = [x.new_tensor(each) for each in compiled.parameters]
    values, slopes, _ = compiled.value_and_slopes(x, initial)
    return json.dumps([x.tolist(), values.tolist(), slopes.tolist()]).encode()


def train(message: bytes) -> bytes:
    """Trains all nets of some graphs on all lessons; answers as one frame, graph by graph."""
    graphs, elsewhere, recipe, lessons = read_training_order(message)
    *compiled, other = (
        activation.Activation(sandbox.Graph.from_json(each)) for each in (*graphs, elsewhere)
    )
    answers = training.train_together(compiled, unpack_lessons(lessons), recipe, other)
    return pack_predictions([each for graph in answers for each in graph])
