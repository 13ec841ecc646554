from __future__ import annotations

import math
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor

from fitness.network import Network
from fitness.optimisers import Adam, Momentum, clip
from fitness.points import Points, mean_sizes, read_points
from fitness.weights import Layout, carve, first_weights
from tests.mirror.fitness import activations
from tests.mirror.fitness.activations import Written

NETS, POINTS, FEATURES = 3, 11, 2


def _network(
    layers: list[Written], flat: Tensor, layout: Layout, points: Points, *, classes: bool = False
) -> tuple[Network, Tensor]:
    """The nets, and targets of theirs."""
    chance = torch.Generator().manual_seed(6)
    targets = torch.randn(NETS, layout.units[-1], POINTS, dtype=torch.float64, generator=chance)
    targets = torch.softmax(targets, dim=1) if classes else targets
    return Network(layers, carve(flat, layout), points, targets, layout, classes=classes), targets


@pytest.mark.parametrize("hidden", [(4,), (4, 5), (3, 4, 3)])
@pytest.mark.parametrize("name", ["GELU", "TANH", "SNAKE", "SWISH", "SQUARE", "IDENTITY"])
@pytest.mark.parametrize("kind", ["numbers", "classes", "sets"])
def test_the_gradient_written_by_hand_is_autograds(
    kind: str, name: str, hidden: tuple[int, ...]
) -> None:
    layers: list[Written] = [vars(activations)[name], *[activations.TANH] * (len(hidden) - 1)]
    layout = Layout((FEATURES, *hidden, 3), tuple(len(each.parameters) for each in layers))
    chance = torch.Generator().manual_seed(5)
    flat = torch.randn(NETS, layout.size, dtype=torch.float64, generator=chance)
    shape = (NETS, POINTS, 4 if kind == "sets" else 1, FEATURES)
    inputs = torch.randn(shape, dtype=torch.float64, generator=chance)
    if kind == "sets":
        inputs[:, ::2, 2:] = torch.nan
    points, classes = read_points(inputs, mean_sizes(inputs)), kind == "classes"

    network, targets = _network(layers, flat, layout, points, classes=classes)
    network.backpropagate()

    watched = flat.clone().requires_grad_()
    answers = _network(layers, watched, layout, points, classes=classes)[0].answer(points)
    losses = -(targets * answers.log()) if classes else (answers - targets).square()
    (expected,) = torch.autograd.grad(losses.sum(dim=1).mean(dim=1).sum(), watched)
    torch.testing.assert_close(network.gradient.flat, expected, rtol=1e-10, atol=1e-12)


def test_a_set_is_read_alike_in_any_order_and_however_it_is_filled_up() -> None:
    layout = Layout((FEATURES, 4, 1), (0,))
    flat = first_weights([activations.GELU], layout, [3])
    sets = torch.randn(1, 5, 3, FEATURES, generator=torch.Generator().manual_seed(2))
    filled = torch.cat([sets.flip(2), torch.full((1, 5, 2, FEATURES), torch.nan)], dim=2)
    sizes = mean_sizes(sets)
    answers = []
    for each in (sets, filled):
        points = read_points(each, sizes)
        targets = torch.zeros(1, 1, 5)
        network = Network([activations.GELU], carve(flat, layout), points, targets, layout)
        answers.append(network.answer(points))
    torch.testing.assert_close(*answers)


def test_every_number_of_a_row_belongs_to_exactly_one_view() -> None:
    layout = Layout((3, 4, 5, 1), parameters=(2, 1))
    weights = carve(torch.zeros(2, layout.size), layout)
    for view in (*weights.matrices, *weights.biases, *sum(weights.parameters, ())):
        view.add_(1.0)
    assert (weights.flat == 1.0).all()
    assert layout.size == 3 * 4 + 4 * 5 + 5 + 4 + 5 + 1 + 2 + 1


@pytest.mark.parametrize(
    ("ours", "torchs"),
    [(Adam, torch.optim.Adam), (Momentum, partial(torch.optim.SGD, momentum=0.9))],
)
def test_an_optimiser_moves_as_torchs_does(ours: Any, torchs: Any) -> None:
    chance = torch.Generator().manual_seed(1)
    start = torch.randn(2, 7, dtype=torch.float64, generator=chance)
    gradients = torch.randn(20, 2, 7, dtype=torch.float64, generator=chance)
    mine, rates = start.clone(), torch.tensor([[0.1], [0.3]], dtype=torch.float64)
    optimiser = ours(mine, rates)
    rows = [torch.nn.Parameter(row.clone()) for row in start]
    others = [torchs([row], lr=rate.item()) for row, rate in zip(rows, rates, strict=True)]
    for gradient in gradients:
        optimiser.step(gradient, 1.0)
        for row, own, other in zip(rows, gradient, others, strict=True):
            row.grad = own
            other.step()
    torch.testing.assert_close(mine, torch.stack([row.detach() for row in rows]))


def test_a_net_that_turns_non_finite_disturbs_no_other() -> None:
    gradient = torch.tensor([[3.0, 4.0], [math.nan, 1.0], [math.inf, 1.0], [0.3, 0.4]])
    clip(gradient, 1.0)
    torch.testing.assert_close(gradient[0], torch.tensor([0.6, 0.8]))
    assert gradient[1].isnan().all()
    assert gradient[2].isnan().any()
    torch.testing.assert_close(gradient[3], torch.tensor([0.3, 0.4]))


def test_scaling_an_activation_changes_nothing_that_a_net_answers_at_the_start() -> None:
    layout = Layout((2, 8, 8, 1), (0, 0))
    inputs = torch.randn(1, 5, 1, 2, generator=torch.Generator().manual_seed(0))
    points = read_points(inputs, mean_sizes(inputs))
    thrice = Written(lambda x: 3.0 * torch.tanh(x), lambda x: (x, x))
    answers = []
    for each in (activations.TANH, thrice):
        weights = carve(first_weights([each, each], layout, [9]), layout)
        network = Network([each, each], weights, points, torch.zeros(1, 1, 5), layout)
        answers.append(network.answer(points))
    torch.testing.assert_close(*answers)


def test_activations_with_and_without_parameters_begin_with_the_same_noise() -> None:
    plain, trainable = Layout((2, 8, 1), (0,)), Layout((2, 8, 1), (1,))
    silu = carve(first_weights([activations.SILU], plain, [1, 2]), plain)
    swish = carve(first_weights([activations.SWISH], trainable, [1, 2]), trainable)
    for own, other in zip(silu.matrices, swish.matrices, strict=True):
        torch.testing.assert_close(own, other)
