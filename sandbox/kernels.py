"""The quickest torch calls for every operation of a compiled graph, masks as floats of 0 and 1.

torch's boolean kernels are slow on a CPU (100,000 elements: a product 10 microseconds, a comparison
56, torch.where 395), so masks are computed as sign(relu(a - b)) and applied by arithmetic. That is
exact for finite values, and only graphs whose every intermediate value is finite are admitted.

exp and tanh go through a vendor's library, which is slow on other vendors' processors (59 and 198
microseconds); exp2 and sigmoid are torch's own (13 and 20) and give the same within rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from sandbox.tensors import TORCH, Operand

Kernel = Callable[..., Any]


_LOG2_E = 1 / math.log(2)


def _exp(x: Tensor) -> Tensor:
    return (x * _LOG2_E).exp2_()


def _exp_in_place(x: Tensor) -> Tensor:
    return x.mul_(_LOG2_E).exp2_()


def _tanh(x: Tensor) -> Tensor:
    return (x * 2).sigmoid_().mul_(2).sub_(1)


def _tanh_in_place(x: Tensor) -> Tensor:
    return x.mul_(2).sigmoid_().mul_(2).sub_(1)


def _greater(a: Any, b: Any) -> Tensor:
    lead: Tensor = a - b  # one of them is a tensor
    return lead.relu_().sign_()


def _less(a: Operand, b: Operand) -> Tensor:
    return _greater(b, a)


def _at_least(a: Operand, b: Operand) -> Tensor:
    return _not(_greater(b, a))


def _at_most(a: Operand, b: Operand) -> Tensor:
    return _not(_greater(a, b))


def _different(a: Tensor, b: Operand) -> Tensor:
    return (a - b).sign_().abs_()


def _equal(a: Tensor, b: Operand) -> Tensor:
    return _not(_different(a, b))


def _not(mask: Tensor) -> Tensor:
    return 1 - mask


def _select(mask: Tensor, chosen: Any, other: Any) -> Tensor:
    """Gives chosen where the mask is 1, other where it is 0; exactly, numbers or tensors."""
    if isinstance(chosen, Tensor) and isinstance(other, Tensor):
        return torch.lerp(other, chosen, mask)
    if isinstance(other, Tensor):
        kept = torch.addcmul(other, mask, other, value=-1)
        return kept.add_(mask, alpha=chosen) if chosen else kept
    if isinstance(chosen, Tensor):
        return mask * chosen + (1 - mask).mul_(other) if other else mask * chosen
    return mask.mul(chosen - other).add_(other)


def _maximum(a: Any, b: Any) -> Any:
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return torch.maximum(a, b)
    return torch.clamp(a, min=b) if isinstance(a, Tensor) else torch.clamp(b, min=a)


def _minimum(a: Any, b: Any) -> Any:
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return torch.minimum(a, b)
    return torch.clamp(a, max=b) if isinstance(a, Tensor) else torch.clamp(b, max=a)


def _of_tensors(function: Kernel) -> Kernel:
    def call(a: Any, b: Any) -> Any:
        """The function with a number spread out, which torch does not do by itself."""
        if isinstance(a, Tensor):
            return function(a, b if isinstance(b, Tensor) else torch.full_like(a, b))
        return function(torch.full_like(b, a), b)

    return call


KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {
        **TORCH,
        **{
            name: _of_tensors(TORCH[name])
            for name in ("atan2", "hypot", "copysign", "logaddexp", "xlogy", "fmod")
        },
        "exp": _exp,
        "tanh": _tanh,
        "lt": _less,
        "le": _at_most,
        "gt": _greater,
        "ge": _at_least,
        "eq": _equal,
        "ne": _different,
        "and": torch.mul,
        "or": torch.maximum,
        "xor": _different,
        "not": _not,
        "where": _select,
        "maximum": _maximum,
        "minimum": _minimum,
        "clamp_min": _maximum,
        "clamp_max": _minimum,
    }
)

# The same results written over the first operand, where nobody needs that any more.
IN_PLACE: Mapping[str, Kernel] = MappingProxyType(
    {
        "add": Tensor.add_, "sub": Tensor.sub_, "mul": Tensor.mul_, "div": Tensor.div_,
        "neg": Tensor.neg_, "abs": Tensor.abs_, "sign": Tensor.sign_, "square": Tensor.square_,
        "relu": Tensor.relu_, "reciprocal": Tensor.reciprocal_, "sqrt": Tensor.sqrt_,
        "rsqrt": Tensor.rsqrt_, "exp": _exp_in_place, "exp2": Tensor.exp2_, "expm1": Tensor.expm1_,
        "log": Tensor.log_, "log1p": Tensor.log1p_, "sin": Tensor.sin_, "cos": Tensor.cos_,
        "tanh": _tanh_in_place,
        "sigmoid": Tensor.sigmoid_, "erf": Tensor.erf_, "erfc": Tensor.erfc_, "atan": Tensor.atan_,
    }
)  # fmt: skip
