"""What each operation costs in FLOPs per element; the one table behind every cost.

Sources. Elementary arithmetic counts one, as in XLA's HloCostAnalysis (hlo_cost_analysis.cc), which
counts transcendentals apart; we count them in both. Their weights, and those of division and
square root, are rounded from Eigen's functor costs (functor_traits<op>::Cost: exp 14 with FMA,
tanh 8 + a division, sqrt 8) so that the anchors hold: relu 1, tanh 10, swish 11, gelu 14,
GELU-Sine 26, mish 33. A library function costs what its definition costs. Against measured time of
the benign programs the weighted count ranks fused code at Spearman 0.77 (GPU 0.84), the plain count
of operations ranks eager code at 0.68; hence two budgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sandbox.operations import AXES

_WEIGHTS: Mapping[str, int] = MappingProxyType(
    {
        "one": 1,  # add, sub, mul, neg, abs, compare, select, min, max, round
        "div": 4, "sqrt": 4, "fmod": 8,
        "exp": 8, "log": 8, "expm1": 10, "log1p": 10, "tanh": 10, "sigmoid": 10,
        "sin": 10, "tan": 14, "asin": 14, "atan": 12, "atan2": 16, "sinh": 12, "asinh": 16,
        "atanh": 14, "erf": 10, "erfc": 12, "erfinv": 20, "pow": 20, "bessel": 30,
    }
)  # fmt: skip

# How often each operation needs each weight, in the order of their definitions.
_ONE = (
    "add sub mul neg abs sign relu square maximum minimum clamp_min clamp_max copysign floor ceil "
    "round trunc lt le gt ge eq ne and or xor not cast where"
)
_NEEDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(_ONE.split(), "one"),
        "frac": "one one", "relu6": "one one", "hardtanh": "one one",
        "div": "div", "reciprocal": "div", "sqrt": "sqrt", "rsqrt": "sqrt",
        "fmod": "fmod", "remainder": "fmod", "hypot": "one one one sqrt",
        "exp": "exp", "exp2": "exp", "expm1": "expm1",
        "log": "log", "log2": "log one", "log10": "log one", "log1p": "log1p",
        "sin": "sin", "cos": "sin", "tan": "tan", "asin": "asin", "acos": "asin", "atan": "atan",
        "atan2": "atan2", "sinh": "sinh", "cosh": "sinh", "tanh": "tanh",
        "asinh": "asinh", "acosh": "asinh", "atanh": "atanh", "sinc": "sin div one one",
        "sigmoid": "sigmoid", "erf": "erf", "erfc": "erfc", "erfinv": "erfinv",
        "i0e": "bessel", "i1e": "bessel", "pow": "pow",
        "logsigmoid": "exp log1p one one one", "softplus": "exp log1p one one one one",
        "logaddexp": "exp log1p one one one one", "xlogy": "log one one one",
        "softsign": "one one div", "silu": "sigmoid one",
        "mish": "exp log1p one one one one tanh one", "gelu": "erf one one one one",
        "gelu_tanh": "tanh one one one one one one one one", "tanhshrink": "tanh one",
        "elu": "expm1 one one one", "celu": "expm1 one one one one", "selu": "exp one one one one",
        "hardswish": "one one one one one", "hardsigmoid": "one one one one",
        "leaky_relu": "one one one", "hardshrink": "one one one",
        "softshrink": "one one one one one", "threshold": "one one",
        **{f"{axis}_mean": "one" for axis in AXES},
        **{f"{axis}_norm": "one one" for axis in AXES},
        **{f"{axis}_var": "one one one one" for axis in AXES},
        **{f"{axis}_std": "one one one one" for axis in AXES},
    }
)  # fmt: skip

FLOPS: Mapping[str, int] = MappingProxyType(
    {name: sum(_WEIGHTS[each] for each in needs.split()) for name, needs in _NEEDS.items()}
)
TRANSCENDENTALS: Mapping[str, int] = MappingProxyType(
    {
        name: sum(each not in {"one", "div", "fmod"} for each in needs.split())
        for name, needs in _NEEDS.items()
    }
)
LARGEST_SQUARED_POWER = 64  # integer powers up to here are priced by repeated squaring


def power_price(exponent: float | None) -> int:
    """FLOPs of x**exponent; None for an exponent that is itself computed."""
    if exponent is None or not exponent.is_integer() or abs(exponent) > LARGEST_SQUARED_POWER:
        return FLOPS["pow"]
    whole = int(abs(exponent))
    squarings = max(1, whole.bit_length() - 1 + whole.bit_count() - 1)
    return squarings + (FLOPS["div"] if exponent < 0 else 0)
