"""The operations as torch functions, and a graph run on tensors, under autograd if wanted."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  torch's own name for it
from torch import Tensor

from sandbox.graph import Graph, Node
from sandbox.operations import AXES, COMMUTATIVE, ORDERED, STATISTICS, UNARY, named

Operand = Tensor | float
_DIMENSIONS: Mapping[str, int | None] = MappingProxyType({"feature": -1, "batch": 0, "all": None})


def run(graph: Graph, x: Tensor, parameters: Sequence[Tensor] | None = None) -> list[Tensor]:
    """The graph's outputs on x, node by node, as torch would run the program.

    Autograd may record it.

    Args:
        graph: what to compute.
        x: a float tensor of any shape; with reductions, [batch, features].
        parameters: values that broadcast against x; the initial ones where none are given.

    Returns:
        One tensor of x's shape and dtype for every output of the graph.
    """
    if parameters is None:
        parameters = [x.new_tensor(each.initial) for each in graph.parameters]
    values: list[Any] = [x, *parameters]
    for node in graph.nodes[len(values) :]:
        values.append(_value(node, [values[each] for each in node.inputs], x))
    shape = common_shape(x, parameters)
    return [spread(values[each], x, shape) for each in graph.outputs]


def _value(node: Node, inputs: list[Any], x: Tensor) -> Operand:
    if node.operation == "constant":
        return node.attributes[0]
    if node.operation not in TAKES_NUMBERS:
        inputs = [each if _is_tensor(each) else x.new_tensor(each) for each in inputs]
    if node.operation == "cast":
        return TORCH["cast"](*inputs, x.dtype)  # type: ignore[no-any-return]
    return TORCH[node.operation](*inputs, *node.attributes)  # type: ignore[no-any-return]


def spread(value: Operand, x: Tensor, shape: torch.Size) -> Tensor:
    """A value as a tensor of the given shape, with the dtype and device of x."""
    tensor = value if isinstance(value, Tensor) else x.new_tensor(value)
    return tensor if tensor.shape == shape else tensor.expand(shape)


def common_shape(x: Tensor, parameters: Sequence[Tensor]) -> torch.Size:
    """The shape that x and the parameters broadcast to."""
    if not parameters:
        return x.shape
    # torch.broadcast_shapes would import SymPy, which takes seconds and, under lock, fails.
    shape: torch.Size = torch.broadcast_tensors(x, *parameters)[0].shape  # type: ignore[no-untyped-call]
    return shape


def _is_tensor(value: object) -> bool:
    return isinstance(value, Tensor)


def _reduction(axis: str, statistic: str) -> Callable[..., Tensor]:
    dimension = _DIMENSIONS[axis]
    function: Callable[..., Tensor] = vars(torch)[statistic]
    options: dict[str, Any] = {} if dimension is None else {"dim": dimension, "keepdim": True}
    if not STATISTICS[statistic]:
        return partial(function, **options)

    def spread_of(x: Tensor, correction: float) -> Tensor:
        return function(x, correction=int(correction), **options)

    return spread_of


def _clamp_min(a: Tensor, bound: Operand) -> Tensor:
    return torch.clamp(a, min=bound)


def _clamp_max(a: Tensor, bound: Operand) -> Tensor:
    return torch.clamp(a, max=bound)


_gelu_backward = torch.ops.aten.gelu_backward.default


def _gelu_slope(x: Tensor) -> Tensor:
    return _gelu_backward(_ones(x.shape, x.dtype, x.device), x)  # type: ignore[no-any-return]


@lru_cache(maxsize=4)  # a trainer asks for the same ones in every step
def _ones(shape: torch.Size, dtype: torch.dtype, device: torch.device) -> Tensor:
    return torch.ones(shape, dtype=dtype, device=device)


def _cast(mask: Tensor, dtype: torch.dtype) -> Tensor:
    return mask.to(dtype)


def _power(a: Operand, b: Operand) -> Any:
    return a**b


_NAMED = (*UNARY, *COMMUTATIVE, *ORDERED, "lt", "le", "gt", "ge", "eq", "ne", "where")
_FUNCTIONAL = named(
    "softsign silu mish logsigmoid relu6 hardswish hardsigmoid selu tanhshrink gelu "
    "softplus elu celu leaky_relu hardtanh hardshrink softshrink threshold"
)

# Operations that torch gives a Python number as readily as a tensor.
TAKES_NUMBERS = frozenset(
    {"add", "sub", "mul", "div", "pow", "lt", "le", "gt", "ge", "eq", "ne", "remainder"}
)

TORCH: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        **{name: vars(torch)[name] for name in _NAMED if name in vars(torch)},
        **{name: vars(F)[name] for name in _FUNCTIONAL},
        **{name: vars(torch.special)[name] for name in ("i0e", "i1e")},
        **{
            f"{axis}_{statistic}": _reduction(axis, statistic)
            for axis in AXES
            for statistic in STATISTICS
        },
        "gelu_tanh": partial(F.gelu, approximate="tanh"),
        "gelu_slope": _gelu_slope,
        "clamp_min": _clamp_min,
        "clamp_max": _clamp_max,
        "cast": _cast,
        "add": operator.add,
        "sub": operator.sub,
        "mul": operator.mul,
        "div": operator.truediv,
        "pow": _power,
        "lt": operator.lt,
        "le": operator.le,
        "gt": operator.gt,
        "ge": operator.ge,
        "eq": operator.eq,
        "ne": operator.ne,
        "and": torch.logical_and,
        "or": torch.logical_or,
        "xor": torch.logical_xor,
        "not": torch.logical_not,
    }
)
