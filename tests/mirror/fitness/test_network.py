from __future__ import annotations

import math

import pytest
import torch

from fitness.adam import Adam, clip
from fitness.network import Network
from fitness.weights import Layout, carve, first_weights
from tests.mirror.fitness import activations
from tests.mirror.fitness.activations import Written

NETS, BATCH, FEATURES = 3, 11, 2


@pytest.mark.parametrize("name", ["GELU", "TANH", "SNAKE", "SWISH", "SQUARE", "IDENTITY"])
@pytest.mark.parametrize("hidden", [(4,), (4, 5), (3, 4, 3)])
def test_the_gradient_written_by_hand_is_autograds(name: str, hidden: tuple[int, ...]) -> None:
    activation: Written = vars(activations)[name]
    units = (FEATURES, *hidden, 1)
    layout = Layout(units, len(activation.parameters))
    chance = torch.Generator().manual_seed(5)
    flat = torch.randn(NETS, layout.size, dtype=torch.float64, generator=chance)
    inputs = torch.randn(NETS, BATCH, FEATURES, dtype=torch.float64, generator=chance)
    targets = torch.randn(NETS, BATCH, 1, dtype=torch.float64, generator=chance)

    network = Network(activation, carve(flat, layout), inputs, targets, layout)
    network.backpropagate()

    watched = flat.clone().requires_grad_()
    answers = Network(activation, carve(watched, layout), inputs, targets, layout).answer(inputs)
    errors = (answers - targets.squeeze(2)).square().mean(dim=1)
    (expected,) = torch.autograd.grad(errors.sum(), watched)
    torch.testing.assert_close(network.gradient.flat, expected, rtol=1e-10, atol=1e-12)


def test_every_number_of_a_row_belongs_to_exactly_one_view() -> None:
    layout = Layout((3, 4, 5, 1), parameters=2)
    weights = carve(torch.zeros(2, layout.size), layout)
    for view in (*weights.matrices, *weights.biases, *sum(weights.parameters, ())):
        view.add_(1.0)
    assert (weights.flat == 1.0).all()
    assert layout.size == 3 * 4 + 4 * 5 + 5 + 4 + 5 + 1 + 2 * 2


def test_adam_moves_as_torchs_adam_does() -> None:
    chance = torch.Generator().manual_seed(1)
    start = torch.randn(2, 7, dtype=torch.float64, generator=chance)
    gradients = torch.randn(20, 2, 7, dtype=torch.float64, generator=chance)
    mine, rates = start.clone(), torch.tensor([[0.1], [0.3]], dtype=torch.float64)
    adam = Adam(mine, rates)
    rows = [torch.nn.Parameter(row.clone()) for row in start]
    others = [
        torch.optim.Adam([row], lr=rate.item()) for row, rate in zip(rows, rates, strict=True)
    ]
    for gradient in gradients:
        adam.step(gradient, 1.0)
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
    layout = Layout((2, 8, 8, 1), 0)
    inputs = torch.randn(1, 5, 2, generator=torch.Generator().manual_seed(0))
    thrice = Written(lambda x: 3.0 * torch.tanh(x), lambda x: (x, x))
    answers = []
    for each in (activations.TANH, thrice):
        weights = carve(first_weights(each, layout, [9]), layout)
        answers.append(Network(each, weights, inputs, inputs[:, :, :1], layout).answer(inputs))
    torch.testing.assert_close(*answers)


def test_activations_with_and_without_parameters_begin_with_the_same_noise() -> None:
    plain, trainable = Layout((2, 8, 1), 0), Layout((2, 8, 1), 1)
    silu = carve(first_weights(activations.SILU, plain, [1, 2]), plain)
    swish = carve(first_weights(activations.SWISH, trainable, [1, 2]), trainable)
    for own, other in zip(silu.matrices, swish.matrices, strict=True):
        torch.testing.assert_close(own, other)
