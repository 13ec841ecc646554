"""Pointwise operations in NumPy, all that a program can say: for drivers that never import torch.

They stand beside torch's kernels and give the same values where both are finite; nothing is trained
with them. Masks are boolean arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

from sandbox.graph import Graph
from sandbox.operations import named

Array: TypeAlias = npt.NDArray[Any]  # of float32 or float64
Kernel = Callable[..., Any]

_ROOT_2 = 2**0.5
_SELU, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


def _softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    return np.where(beta * x > threshold, x, np.logaddexp(0.0, beta * x) / beta)


def _gelu(x: Any) -> Any:
    return x * (0.5 * (1.0 + special.erf(x / _ROOT_2)))


def _gelu_tanh(x: Any) -> Any:
    return 0.5 * x * (1.0 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x**3)))


def _elu(x: Any, alpha: float) -> Any:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


def _celu(x: Any, alpha: float) -> Any:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0) / alpha))


def _clip(x: Any, low: float, high: float) -> Any:
    return np.minimum(np.maximum(x, low), high)


def _soft_shrink(x: Any, bound: float) -> Any:
    return np.sign(x) * np.maximum(np.abs(x) - bound, 0.0)


_OWN_NAME = named(
    "sign square reciprocal sqrt exp exp2 expm1 log log2 log10 log1p sin cos tan sinh cosh tanh "
    "floor ceil trunc sinc maximum minimum hypot logaddexp copysign fmod"
)

KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {
        **{name: vars(np)[name] for name in _OWN_NAME},
        **{name: vars(special)[name] for name in named("erf erfc erfinv i0e i1e xlogy")},
        "neg": np.negative,
        "abs": np.abs,
        "relu": lambda x: np.maximum(x, 0.0),
        "rsqrt": lambda x: 1.0 / np.sqrt(x),
        "asin": np.arcsin,
        "acos": np.arccos,
        "atan": np.arctan,
        "asinh": np.arcsinh,
        "acosh": np.arccosh,
        "atanh": np.arctanh,
        "sigmoid": special.expit,
        "logsigmoid": special.log_expit,
        "round": np.round,
        "frac": lambda x: x - np.trunc(x),
        "softsign": lambda x: x / (1.0 + np.abs(x)),
        "silu": lambda x: x * special.expit(x),
        "mish": lambda x: x * np.tanh(np.logaddexp(0.0, x)),
        "gelu": _gelu,
        "gelu_tanh": _gelu_tanh,
        "selu": lambda x: _SELU * _elu(x, _SELU_ALPHA),
        "relu6": lambda x: _clip(x, 0.0, 6.0),
        "hardswish": lambda x: x * _clip(x + 3.0, 0.0, 6.0) / 6.0,
        "hardsigmoid": lambda x: _clip(x + 3.0, 0.0, 6.0) / 6.0,
        "tanhshrink": lambda x: x - np.tanh(x),
        "softplus": _softplus,
        "elu": _elu,
        "celu": _celu,
        "leaky_relu": lambda x, slope: np.where(x > 0, x, slope * x),
        "hardtanh": _clip,
        "hardshrink": lambda x, bound: np.where(np.abs(x) > bound, x, 0.0),
        "softshrink": _soft_shrink,
        "threshold": lambda x, threshold, value: np.where(x > threshold, x, value),
        "add": np.add,
        "sub": np.subtract,
        "mul": np.multiply,
        "div": np.divide,
        "pow": np.power,
        "clamp_min": np.maximum,
        "clamp_max": np.minimum,
        "atan2": np.arctan2,
        "remainder": np.mod,
        "lt": np.less,
        "le": np.less_equal,
        "gt": np.greater,
        "ge": np.greater_equal,
        "eq": np.equal,
        "ne": np.not_equal,
        "and": np.logical_and,
        "or": np.logical_or,
        "xor": np.logical_xor,
        "not": np.logical_not,
        "cast": lambda mask: mask * 1.0,
        "where": np.where,
    }
)


def outputs(graph: Graph, x: Array) -> list[Array]:
    """Every output of a pointwise graph at the points x, its parameters at their initial values.

    Args:
        graph: a function, or a function and its slopes.
        x: [points], float32 or float64; computed in its own precision.

    Values that are not finite come out as they are, without a warning.
    """
    found = nodes(graph, x)
    return [np.broadcast_to(found[each], x.shape) for each in graph.outputs]


def nodes(graph: Graph, x: Array) -> list[Any]:
    """What every node of a pointwise graph is worth at the points x: an array or a number each."""
    number = x.dtype.type
    slots: list[Any] = [x, *(number(each.initial) for each in graph.parameters)]
    with np.errstate(all="ignore"):
        for node in graph.nodes[len(slots) :]:
            if node.operation == "constant":
                slots.append(number(node.attributes[0]))
            else:
                operands = [slots[each] for each in node.inputs]
                slots.append(KERNELS[node.operation](*operands, *node.attributes))
    return slots
