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


_RATIONAL = """def activation(
    x, p0=0.0298, p1=0.6185, p2=2.321, p3=3.045, p4=1.48, p5=0.2497,
    q1=1.141, q2=4.382, q3=0.8682, q4=0.3453,
):
    x2 = x * x
    above = p0 + x * (p1 + x * (p2 + x * (p3 + x * (p4 + x * p5))))
    odd = torch.abs(q1 * x) + torch.abs(q3 * x * x2)
    return above / (1.0 + odd + torch.abs(q2 * x2) + torch.abs(q4 * x2 * x2))
"""

_SPLINE = """def activation(x, s=0.0, a1=0.0, a2=0.0, a3=0.0, a4=1.0, a5=0.0, a6=0.0, a7=0.0):
    knots = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
    return s * x + sum(
        a * torch.relu(x - k) for a, k in zip((a1, a2, a3, a4, a5, a6, a7), knots)
    )
"""

_LEARNABLE = {
    "PReLU": "def activation(x, a=0.25):\n    return torch.relu(x) - a * torch.relu(-x)\n",
    "Swish-beta": "def activation(x, beta=1.0):\n    return x * torch.sigmoid(beta * x)\n",
    "Snake-alpha": "def activation(x, a=1.0):\n    return x + torch.square(torch.sin(a * x)) / a\n",
    "rational": _RATIONAL,
    "spline": _SPLINE,
}

LEARNABLE: Mapping[str, str] = MappingProxyType(
    {name: f"import torch\n\n\n{text}" for name, text in _LEARNABLE.items()}
)
"""Name -> program of activations that are trained with the weights, a set for each hidden layer.

PReLU (He et al. 2015, arXiv:1502.01852); Swish with its beta (Ramachandran et al. 2017,
arXiv:1710.05941); Snake with its frequency (Ziyin et al. 2020, arXiv:2006.08195); the rational
function of degrees 5 and 4 in the form A, 1 + sum |q_k x^k| below, which has no pole (Molina et
al. 2020, arXiv:1907.06732), first fitted to LeakyReLU on [-3, 3]; a linear spline with knots at
-3, -2, ..., 3, at first ReLU (Bohra et al. 2020, "Learning activation functions in deep (spline)
neural networks").
"""


def baseline(name: str) -> str:
    """The program of that name, whatever its case.

    Raises:
        FitnessError: there is none; the message gives the nearest names.
    """
    known = {**TIER_1, **LEARNABLE}
    by_folded = {each.casefold(): program for each, program in known.items()}
    if name.casefold() not in by_folded:
        raise unknown("baseline", name, known)
    return by_folded[name.casefold()]
