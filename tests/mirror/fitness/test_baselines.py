from __future__ import annotations

import ast
import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from fitness.baselines import CONTROLS, LEARNABLE, LINEAR, REFERENCE, TIER_1, baseline
from fitness.errors import FitnessError

# f(1) and f(-2), by pocket calculator.
VALUES = {
    "identity": (1.0, -2.0),
    "square": (1.0, 4.0),
    "ReLU": (1.0, 0.0),
    "LeakyReLU": (1.0, -0.02),
    "ELU": (1.0, math.exp(-2) - 1),
    "SELU": (1.0507009873554805, 1.0507009873554805 * 1.6732632423543772 * (math.exp(-2) - 1)),
    "CELU": (1.0, math.exp(-2) - 1),
    "GELU": (0.8413447, -0.0455003),
    "SiLU": (0.7310586, -0.2384058),
    "Mish": (0.8650984, -0.2525015),
    "Softplus": (1.3132617, 0.1269280),
    "Tanh": (math.tanh(1), math.tanh(-2)),
    "Sigmoid": (0.7310586, 0.1192029),
    "Softsign": (0.5, -2 / 3),
    "Hardswish": (2 / 3, -1 / 3),
    "squared ReLU": (1.0, 0.0),
    "sin": (math.sin(1), math.sin(-2)),
    "Snake": (1 + math.sin(1) ** 2, -2 + math.sin(2) ** 2),
    "Seagull": (math.log(2), math.log(5)),
    "GELUSine": (0.8413447 + 0.1 * math.sin(1), -0.0455003 + 0.1 * math.sin(-2)),
    "GELU-Sinc": (0.8413447, -0.0455003),
}


def _run(program: str, x: Tensor) -> Tensor:
    names: dict[str, object] = {}
    exec(program, names)  # noqa: S102 -- our own text, in a test
    value = names["activation"](x)  # type: ignore[operator]
    assert isinstance(value, Tensor)
    return value


@pytest.mark.parametrize("name", TIER_1)
def test_a_baseline_is_the_function_of_the_literature(name: str) -> None:
    x = torch.tensor([1.0, -2.0], dtype=torch.float64)
    assert _run(TIER_1[name], x).tolist() == pytest.approx(VALUES[name], abs=1e-6)


@pytest.mark.parametrize("name", TIER_1)
def test_a_baseline_is_one_expression_over_torch(name: str) -> None:
    tree = ast.parse(TIER_1[name])
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    assert function.name == "activation"
    assert isinstance(function.body[0], ast.Return)
    used = {node.id for node in ast.walk(function.body[0]) if isinstance(node, ast.Name)}
    assert used <= {"x", "torch", "F"}


@pytest.mark.parametrize("name", TIER_1)
def test_the_slope_of_a_baseline_is_finite_wherever_a_net_may_look(name: str) -> None:
    x = torch.tensor([0.0, 1e-8, -1e-8, 30.0, -30.0, 1e3, -1e3], requires_grad=True)
    (slope,) = torch.autograd.grad(_run(TIER_1[name], x).sum(), x)
    assert slope.isfinite().all()


def test_the_slope_of_relu_at_nought_is_nought() -> None:
    x = torch.zeros(1, requires_grad=True)
    (slope,) = torch.autograd.grad(_run(baseline("relu"), x).sum(), x)
    assert slope.item() == 0.0


def test_names_are_found_in_any_case_and_near_names_are_offered() -> None:
    assert baseline("gelu-sinc") == TIER_1["GELU-Sinc"]
    assert {REFERENCE, LINEAR, *CONTROLS} <= set(TIER_1)
    with pytest.raises(FitnessError, match="no baseline 'Gellu'; did you mean 'GELU'"):
        baseline("Gellu")


# What they are before anything is trained: at most so far from a textbook activation on [-3, 3].
LIKE: dict[str, tuple[Callable[[Tensor], Tensor], float]] = {
    "PReLU": (lambda x: torch.where(x > 0, x, 0.25 * x), 1e-9),
    "Swish-beta": (torch.nn.functional.silu, 1e-9),
    "Snake-alpha": (lambda x: x + torch.sin(x) ** 2, 1e-9),
    "rational": (lambda x: torch.nn.functional.leaky_relu(x, 0.01), 0.031),
    "spline": (torch.relu, 1e-9),
}


@pytest.mark.parametrize("name", LEARNABLE)
def test_a_learnable_activation_starts_as_one_of_the_textbook(name: str) -> None:
    x = torch.linspace(-3.0, 3.0, 601, dtype=torch.float64)
    like, far = LIKE[name]
    assert (_run(LEARNABLE[name], x) - like(x)).abs().max() <= far


@pytest.mark.parametrize("name", LEARNABLE)
def test_a_learnable_activation_has_numbers_to_be_trained_and_is_found_by_name(name: str) -> None:
    (function,) = (n for n in ast.parse(LEARNABLE[name]).body if isinstance(n, ast.FunctionDef))
    assert 1 <= len(function.args.defaults) <= 10
    assert baseline(name.upper()) == LEARNABLE[name]


def test_the_rational_function_has_no_pole() -> None:
    names: dict[str, object] = {}
    exec(LEARNABLE["rational"], names)  # noqa: S102 -- our own text, in a test
    x = torch.linspace(-5.0, 5.0, 1001, dtype=torch.float64)
    minus = {f"q{k}": torch.tensor(-2.0) for k in range(1, 5)}
    assert names["activation"](x, **minus).isfinite().all()  # type: ignore[operator]
