"""Piecewise crossover: one parent left of 0, the other right of it, and no gap between them."""

from dataclasses import replace

import numpy as np
import pytest

from sandbox.arrays import outputs
from tests.mirror.evolve.operators.test_gp import graph, individual, propose, written


def halves(source: str) -> tuple[float, float, float]:
    """Values just left of 0, at 0 and just right of it."""
    x = np.array([-1e-9, 0.0, 1e-9])
    left, middle, right = outputs(graph(source), x)[0]
    return float(left), float(middle), float(right)


def test_piecewise_children_are_one_parent_left_of_0_and_the_other_right_and_meet_there() -> None:
    pair = [individual(written("torch.cos(x) + 2.0")), individual(written("F.silu(x - 1.0)"))]
    joined = [each for seed in range(600) if (each := propose(pair, seed))]
    joined = [each for each in joined if each.note == "piecewise"]
    assert len(joined) > 5
    for each in joined:
        left, middle, right = halves(each.source)
        assert left == pytest.approx(middle, abs=1e-6)
        assert right == pytest.approx(middle, abs=1e-6)


def test_they_still_meet_when_training_has_moved_the_parameters() -> None:
    constant = individual(written("torch.cos(x) + 2.0"))
    trained = individual(
        "import torch\ndef activation(x, a=0.5, b=2.0):\n    return a + torch.tanh(b * x)\n"
    )
    grown = [p for s in range(600) if (p := propose([trained, constant], s))]
    grown = [each for each in grown if each.note == "piecewise"]
    assert grown
    for each in grown:
        found = graph(each.source)
        moved = replace(
            found, parameters=tuple(replace(p, initial=p.initial + 0.7) for p in found.parameters)
        )
        values = outputs(moved, np.array([-1e-9, 1e-9]))[0]
        assert values[0] == pytest.approx(values[1], abs=1e-6)
