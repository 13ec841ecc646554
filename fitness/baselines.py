"""Textbook activations as programs, in one canonical spelling each.

Spellings matter: at exactly 0 the slope of `relu(x)` is 0, of `maximum(x, 0)` 0.5, of
`clamp(x, min=0)` 1. The names are the literature's; look them up in any case with `baseline`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fitness.errors import unknown

REFERENCE = "GELU"
"""Gains are measured against it."""

LINEAR = "identity"
"""The control that the in-distribution gate is measured against."""

CONTROLS = (LINEAR, "square")
"""What must lose for a suite to be believed; the constant predictor is the third."""

_EXPRESSIONS = {
    "identity": "x",
    "square": "x * x",
    "ReLU": "torch.relu(x)",
    "LeakyReLU": "F.leaky_relu(x, 0.01)",
    "ELU": "F.elu(x)",
    "SELU": "F.selu(x)",
    "CELU": "F.celu(x)",
    "GELU": "F.gelu(x)",
    "SiLU": "F.silu(x)",
    "Mish": "F.mish(x)",
    "Softplus": "F.softplus(x)",
    "Tanh": "torch.tanh(x)",
    "Sigmoid": "torch.sigmoid(x)",
    "Softsign": "F.softsign(x)",
    "Hardswish": "F.hardswish(x)",
    "squared ReLU": "torch.square(torch.relu(x))",
    "sin": "torch.sin(x)",
    "Snake": "x + torch.square(torch.sin(x))",
    "Seagull": "torch.log1p(torch.square(x))",
    "GELUSine": "F.gelu(x) + 0.1 * torch.sin(x)",
    "GELU-Sinc": "F.gelu(x) * (1.0 + 0.5 * torch.sinc(x))",
}


def _program(expression: str) -> str:
    imports = "import torch\nimport torch.nn.functional as F\n"
    return f"{imports}\n\ndef activation(x):\n    return {expression}\n"


TIER_1: Mapping[str, str] = MappingProxyType(
    {name: _program(expression) for name, expression in _EXPRESSIONS.items()}
)
"""Name -> program: what every finalist is compared with."""


def baseline(name: str) -> str:
    """The program of that name, whatever its case.

    Raises:
        FitnessError: there is none; the message gives the nearest names.
    """
    by_folded = {each.casefold(): program for each, program in TIER_1.items()}
    if name.casefold() not in by_folded:
        raise unknown("baseline", name, TIER_1)
    return by_folded[name.casefold()]
