"""A graph as a SymPy expression: exact mathematics, for people; never in the loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import sympy as sp  # type: ignore[import-untyped]

from sandbox.graph import Graph, Node


def to_sympy(graph: Graph) -> sp.Expr:
    """The function as an expression in real symbols: x, and one for each parameter by its name.

    Raises:
        ValueError: the graph has a reduction, which is no expression in x alone.
    """
    if graph.scope != "pointwise":
        raise ValueError("a graph with reductions is no expression in x; print its source instead")
    names = ["x", *(parameter.name for parameter in graph.parameters)]
    values: list[Any] = [sp.Symbol(name, real=True) for name in names]
    for node in graph.nodes[len(values) :]:
        values.append(_value(node, [values[each] for each in node.inputs]))
    return values[graph.output]


def applied(operation: str, inputs: Sequence[Any], attributes: Sequence[float] = ()) -> Any:
    """A pointwise operation over expressions, its static attributes behind them."""
    return _RULES[operation](*inputs, *map(_number, attributes))


def _value(node: Node, inputs: list[Any]) -> Any:
    if node.operation == "constant":
        return _number(node.attributes[0])
    return applied(node.operation, inputs, node.attributes)


def _number(value: float) -> Any:
    return sp.Integer(int(value)) if value.is_integer() else sp.Float(repr(value))


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + sp.exp(-x))


def _gelu_tanh(x: Any) -> Any:
    return x * (1 + sp.tanh(sp.sqrt(2 / sp.pi) * (x + sp.Float("0.044715") * x**3))) / 2


def _clip(x: Any, low: Any, high: Any) -> Any:
    return sp.Min(sp.Max(x, low), high)


def _truncated(x: Any) -> Any:
    return sp.sign(x) * sp.floor(abs(x))


def _soft_shrink(x: Any, bound: Any) -> Any:
    return sp.Piecewise((x - bound, x > bound), (x + bound, x < -bound), (0, True))


def _selu(x: Any) -> Any:
    scale, alpha = sp.Float("1.0507009873554805"), sp.Float("1.6732632423543772")
    return scale * sp.Piecewise((x, x > 0), (alpha * (sp.exp(x) - 1), True))


def _elu(x: Any, alpha: Any) -> Any:
    return sp.Piecewise((x, x > 0), (alpha * (sp.exp(x) - 1), True))


_SAME_NAME = (
    "sign exp sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc erfinv atan2"
)

_RULES: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        **{name: vars(sp)[name] for name in _SAME_NAME.split()},
        "neg": lambda x: -x,
        "abs": sp.Abs,
        "relu": lambda x: sp.Max(x, 0),
        "square": lambda x: x**2,
        "reciprocal": lambda x: 1 / x,
        "sqrt": sp.sqrt,
        "rsqrt": lambda x: 1 / sp.sqrt(x),
        "exp2": lambda x: 2**x,
        "expm1": lambda x: sp.exp(x) - 1,
        "log": sp.log,
        "log2": lambda x: sp.log(x) / sp.log(2),
        "log10": lambda x: sp.log(x) / sp.log(10),
        "log1p": lambda x: sp.log(1 + x),
        "sinc": lambda x: sp.sinc(sp.pi * x),
        "sigmoid": _sigmoid,
        "logsigmoid": lambda x: -sp.log(1 + sp.exp(-x)),
        "i0e": lambda x: sp.exp(-abs(x)) * sp.besseli(0, x),
        "i1e": lambda x: sp.exp(-abs(x)) * sp.besseli(1, x),
        "floor": sp.floor,
        "ceil": sp.ceiling,
        "round": lambda x: sp.floor(x + sp.Rational(1, 2)),
        "trunc": _truncated,
        "frac": lambda x: x - _truncated(x),
        "softsign": lambda x: x / (1 + abs(x)),
        "silu": lambda x: x * _sigmoid(x),
        "mish": lambda x: x * sp.tanh(sp.log(1 + sp.exp(x))),
        "gelu": lambda x: x * (1 + sp.erf(x / sp.sqrt(2))) / 2,
        "gelu_tanh": _gelu_tanh,
        "selu": _selu,
        "relu6": lambda x: _clip(x, 0, 6),
        "hardswish": lambda x: x * _clip(x + 3, 0, 6) / 6,
        "hardsigmoid": lambda x: _clip(x + 3, 0, 6) / 6,
        "tanhshrink": lambda x: x - sp.tanh(x),
        "softplus": lambda x, beta, _threshold: sp.log(1 + sp.exp(beta * x)) / beta,
        "elu": _elu,
        "celu": lambda x, alpha: _elu(x / alpha, 1) * alpha,
        "leaky_relu": lambda x, slope: sp.Piecewise((x, x > 0), (slope * x, True)),
        "hardtanh": _clip,
        "hardshrink": lambda x, bound: sp.Piecewise((x, abs(x) > bound), (0, True)),
        "softshrink": _soft_shrink,
        "threshold": lambda x, threshold, value: sp.Piecewise((x, x > threshold), (value, True)),
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
        "div": lambda a, b: a / b,
        "pow": lambda a, b: a**b,
        "maximum": sp.Max,
        "minimum": sp.Min,
        "clamp_min": sp.Max,
        "clamp_max": sp.Min,
        "hypot": lambda a, b: sp.sqrt(a**2 + b**2),
        "logaddexp": lambda a, b: sp.log(sp.exp(a) + sp.exp(b)),
        "fmod": lambda a, b: a - b * _truncated(a / b),
        "remainder": lambda a, b: a - b * sp.floor(a / b),
        "copysign": lambda a, b: abs(a) * sp.Piecewise((1, b >= 0), (-1, True)),
        "xlogy": lambda a, b: sp.Piecewise((0, sp.Eq(a, 0)), (a * sp.log(b), True)),
        "lt": sp.Lt,
        "le": sp.Le,
        "gt": sp.Gt,
        "ge": sp.Ge,
        "eq": sp.Eq,
        "ne": sp.Ne,
        "and": sp.And,
        "or": sp.Or,
        "xor": sp.Xor,
        "not": sp.Not,
        "cast": lambda mask: sp.Piecewise((1, mask), (0, True)),
        "where": lambda mask, a, b: sp.Piecewise((a, mask), (b, True)),
    }
)
