"""What nets want of their activation is the gradient that autograd would find."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from fitness.lesson import Lesson
from fitness.pulls import BINS, pulls
from fitness.recipe import Recipe
from fitness.train import trained
from sandbox import Graph, parse
from sandbox.activation import Activation

RECIPE = Recipe(steps=30, seeds=2, width=8)


def compiled(text: str) -> Activation:
    graph = parse(f"import torch\ndef activation(x): return {text}\n")
    assert isinstance(graph, Graph)
    return Activation(graph)


def lesson(*, classes: bool = False, elements: int = 1) -> Lesson:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(2, 40, elements, 3)).astype(np.float32)
    targets = np.abs(inputs.sum(axis=2))[:, :, :1]
    if classes:
        targets = np.concatenate([targets > 1, targets <= 1], axis=2)
    seeds = np.array([1, 2], dtype=np.uint64)
    return Lesson(inputs, targets.astype(np.float32), inputs, seeds, classes)


@pytest.mark.parametrize("classes", [False, True])
@pytest.mark.parametrize("elements", [1, 3])
def test_wishes_are_the_gradient_by_the_activations_values(classes: bool, elements: int) -> None:  # noqa: FBT001
    given = lesson(classes=classes, elements=elements)
    network = trained([[compiled("torch.tanh(x)")] * 2], given, RECIPE)
    before = network.losses()
    wishes = network.wishes()
    # A small step along the gradient of the last hidden layer's values changes the loss by its
    # square: measured by moving the values themselves.
    sums, pull = wishes[-1]
    weights = network._weights  # noqa: SLF001
    values = torch.tanh(sums) - 1e-3 * pull
    answers = torch.baddbmm(weights.biases[-1], weights.matrices[-1], values)
    targets = network._targets  # noqa: SLF001
    if classes:
        after = -(targets * answers.log_softmax(dim=1)).sum(dim=1).mean(dim=1)
    else:
        after = (answers - targets).square().sum(dim=1).mean(dim=1)
    expected = 1e-3 * pull.square().sum(dim=(1, 2))
    assert (before - after).tolist() == pytest.approx(expected.tolist(), rel=0.05, abs=2e-7)
    # And one of the first layer's, through the second.
    gradient = network.gradient.matrices[0].clone()
    network.backpropagate()
    first_sums, first_pull = wishes[0]
    slope = 1.0 - torch.tanh(first_sums).square()
    inputs = network._points.columns  # noqa: SLF001
    again = torch.bmm(first_pull * slope, inputs.transpose(1, 2))
    assert torch.allclose(again, network.gradient.matrices[0], atol=1e-5)
    assert gradient.shape == again.shape


def test_bins_are_as_full_as_one_another_and_in_order() -> None:
    found = pulls(compiled("torch.tanh(x)"), lesson(), RECIPE)
    assert found is not None
    assert found.points.shape == found.pulls.shape == (BINS,)
    assert (np.diff(found.points) > 0).all()
    assert np.isfinite(found.pulls).all()


def test_nets_that_are_all_lost_want_nothing() -> None:
    assert pulls(compiled("torch.exp(torch.exp(torch.exp(x + 3.0)))"), lesson(), RECIPE) is None


def test_where_a_parent_stands_in_one_layer_only_that_one_is_asked() -> None:
    one = Recipe(steps=30, seeds=2, width=8, placement="layer 2")
    found = pulls(compiled("torch.tanh(x)"), lesson(), one, compiled("torch.relu(x)"))
    assert found is not None
