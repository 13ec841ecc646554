"""Vectors that trade places, nets that do not see it, and how even a function is."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from evolve.studies.evenness import FOUNDERS, evenness
from evolve.studies.mirrored import SIDE, flipped
from evolve.studies.nets import Pointwise
from evolve.studies.symmetry import PROGRAMS
from evolve.studies.targets import CONTROLS, EXCHANGEABLE
from fitness.baselines import TIER_1
from fitness.task import NO_SHIFT
from fitness.tasks.formula import FormulaTask

WIDTH = 12
SEEDS = st.integers(0, 10_000)


def exchanged(points: Tensor) -> Tensor:
    u, v, w = points[:, :3], points[:, 3:6], points[:, 6:]
    return torch.cat([v, u, w], dim=1)


def net(seed: int, *names: str) -> nn.Sequential:
    """Layers with these activations, the initial weights drawn by the seed."""
    torch.manual_seed(seed)
    layers: list[nn.Module] = []
    for inputs, name in zip((9, *[WIDTH] * len(names)), names, strict=False):
        layers += [nn.Linear(inputs, WIDTH), Pointwise(PROGRAMS[name])]
    return nn.Sequential(*layers, nn.Linear(WIDTH, 1)).double()


def of_sums_and_differences(model: nn.Sequential) -> nn.Sequential:
    """The same, one half of whose first units read u + v and w, the other half u - v alone."""
    first, half = model[0], WIDTH // 2
    assert isinstance(first, nn.Linear)
    with torch.no_grad():
        first.weight[:half, 3:6] = first.weight[:half, :3]
        first.weight[half:, 3:6] = -first.weight[half:, :3]
        first.weight[half:, 6:] = 0.0
        first.bias[half:] = 0.0
    return model


def drawn(seed: int, task: FormulaTask = EXCHANGEABLE[0]) -> tuple[Tensor, Tensor]:
    batch = task.batch(NO_SHIFT, 64, np.random.default_rng(seed))
    return torch.from_numpy(batch.inputs), torch.from_numpy(batch.targets)


def moved(model: nn.Sequential, points: Tensor) -> float:
    """How far answers move when u and v trade places."""
    with torch.no_grad():
        return float((model(points) - model(exchanged(points))).abs().max())


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.sampled_from(["Seagull", "absolute"]))
def test_an_even_first_layer_can_be_blind_to_an_exchange_whatever_follows(
    seed: int, even: str
) -> None:
    points, _ = drawn(seed)
    assert moved(of_sums_and_differences(net(seed, even, "ReLU", "ReLU")), points) < 1e-12
    assert moved(of_sums_and_differences(net(seed, "ReLU", even, "ReLU")), points) > 1e-6
    assert moved(of_sums_and_differences(net(seed, "lopsided", "ReLU", "ReLU")), points) > 1e-6


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.sampled_from(EXCHANGEABLE), st.sampled_from(sorted(PROGRAMS)))
def test_a_predictor_that_is_symmetrised_errs_no_more_on_what_is_exchangeable(
    seed: int, task: FormulaTask, name: str
) -> None:
    points, targets = drawn(seed, task)
    points, targets = torch.cat([points, exchanged(points)]), torch.cat([targets, targets])
    model = net(seed, name, "ReLU")
    with torch.no_grad():
        plain, turned = model(points), model(exchanged(points))
    error, symmetrised = (
        float(((each - targets) ** 2).mean()) for each in (plain, (plain + turned) / 2)
    )
    assert symmetrised <= error + 1e-12


@pytest.mark.parametrize("task", [*EXCHANGEABLE, *CONTROLS], ids=lambda task: task.name)
def test_targets_stay_the_same_under_an_exchange_if_they_are_called_so(task: FormulaTask) -> None:
    points, targets = drawn(0, task)
    again = task.formula(exchanged(points).numpy(), task.transform)[:, np.newaxis]
    assert np.allclose(again, targets.numpy()) == (task in EXCHANGEABLE)


def test_evenness_is_the_even_parts_share() -> None:
    for name in ("Seagull", "absolute"):
        assert evenness(PROGRAMS[name]) == 1.0
    assert evenness(TIER_1["Tanh"]) == 0.0
    assert evenness(TIER_1["ReLU"]) == pytest.approx((1 - 2 / np.pi) / (2 - 2 / np.pi), abs=0.01)
    assert all(evenness(TIER_1[name]) < 0.9 for name in FOUNDERS)
    shifted = TIER_1["Seagull"].replace("return ", "return 5.0 + ")
    assert evenness(shifted) == pytest.approx(1.0)


def test_a_half_of_the_images_is_mirrored_and_the_others_stay() -> None:
    images = np.arange(200.0 * SIDE * SIDE).reshape(200, -1)
    turned = flipped(images, np.random.default_rng(0))
    whole = turned.reshape(-1, SIDE, SIDE)
    as_they_were = (turned == images).all(axis=1)
    mirrored = (whole[:, :, ::-1].reshape(200, -1) == images).all(axis=1)
    assert (as_they_were ^ mirrored).all()
    assert 60 < mirrored.sum() < 140
