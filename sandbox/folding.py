"""Arithmetic on constants, and the identities that make equal programs equal graphs."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist
from types import MappingProxyType

from sandbox.operations import named
from sandbox.refusal import Refused


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _softplus(x: float, beta: float = 1.0, threshold: float = 20.0) -> float:
    return x if beta * x > threshold else math.log1p(math.exp(beta * x)) / beta


def _log_sigmoid(x: float) -> float:
    return min(x, 0.0) - math.log1p(math.exp(-abs(x)))


def _gelu_tanh(x: float) -> float:
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def _sinc(x: float) -> float:
    return math.sin(math.pi * x) / (math.pi * x) if x else 1.0


def _selu(x: float) -> float:
    scale, alpha = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
    return scale * (x if x > 0 else alpha * math.expm1(x))


def _log_add_exp(a: float, b: float) -> float:
    return max(a, b) + math.log1p(math.exp(-abs(a - b)))


def _soft_shrink(x: float, bound: float) -> float:
    return x - bound if x > bound else x + bound if x < -bound else 0.0


_FOLDS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        "neg": operator.neg,
        "abs": abs,
        "sign": _sign,
        "relu": lambda x: max(x, 0.0),
        "square": lambda x: x * x,
        "reciprocal": lambda x: 1 / x,
        "rsqrt": lambda x: 1 / math.sqrt(x),
        **{
            name: vars(math)[name]
            for name in named(
                "sqrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan "
                "sinh cosh tanh asinh acosh atanh erf erfc atan2 fmod hypot copysign"
            )
        },
        "sinc": _sinc,
        "sigmoid": _sigmoid,
        "logsigmoid": _log_sigmoid,
        "erfinv": lambda x: NormalDist().inv_cdf((x + 1) / 2) / math.sqrt(2),
        "floor": math.floor,
        "ceil": math.ceil,
        "round": round,
        "trunc": math.trunc,
        "frac": lambda x: x - math.trunc(x),
        "softsign": lambda x: x / (1 + abs(x)),
        "silu": lambda x: x * _sigmoid(x),
        "mish": lambda x: x * math.tanh(_softplus(x)),
        "gelu": lambda x: 0.5 * x * math.erfc(-x / math.sqrt(2)),
        "gelu_tanh": _gelu_tanh,
        "selu": _selu,
        "relu6": lambda x: min(max(x, 0.0), 6.0),
        "hardswish": lambda x: x * min(max(x + 3, 0.0), 6.0) / 6,
        "hardsigmoid": lambda x: min(max(x + 3, 0.0), 6.0) / 6,
        "tanhshrink": lambda x: x - math.tanh(x),
        "softplus": _softplus,
        "elu": lambda x, alpha: x if x > 0 else alpha * math.expm1(x),
        "celu": lambda x, alpha: x if x > 0 else alpha * math.expm1(x / alpha),
        "leaky_relu": lambda x, slope: x if x > 0 else slope * x,
        "hardtanh": lambda x, low, high: min(max(x, low), high),
        "hardshrink": lambda x, bound: x if abs(x) > bound else 0.0,
        "softshrink": _soft_shrink,
        "threshold": lambda x, threshold, value: x if x > threshold else value,
        "add": operator.add,
        "sub": operator.sub,
        "mul": operator.mul,
        "div": operator.truediv,
        "pow": math.pow,
        "maximum": max,
        "minimum": min,
        "clamp_min": max,
        "clamp_max": min,
        "remainder": lambda a, b: a - b * math.floor(a / b),
        "logaddexp": _log_add_exp,
        "xlogy": lambda a, b: a * math.log(b) if a else 0.0,
    }
)

COMPARE: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {name: vars(operator)[name] for name in ("lt", "le", "gt", "ge", "eq", "ne")}
)


def fold(operation: str, values: Sequence[float], attributes: Sequence[float]) -> float:
    """The value of an operation on constants.

    Raises:
        Refused: there is no such value (`arith`).
    """
    try:
        return float(_FOLDS[operation](*values, *attributes))
    except (ArithmeticError, ValueError, KeyError):
        raise Refused("arith") from None
