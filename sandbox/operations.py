"""The closed set of operations: about 80 pointwise ones, and reductions by their scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["f", "m"]  # a float tensor or a mask
Scope = Literal["pointwise", "feature", "batch"]

SCOPES: tuple[Scope, ...] = ("pointwise", "feature", "batch")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its name, what it takes and gives, and its static attributes with defaults.

    Attributes:
        takes: one letter an input, f for a float tensor and m for a mask.
        gives: the same letter for the result.
        attributes: names and defaults of numbers fixed in the program.
        commutes: whether the order of its two inputs is of no matter.
        scope: how far an output element looks: its own input, its sample, or the whole batch.
    """

    name: str
    takes: str
    gives: Kind = "f"
    attributes: tuple[tuple[str, float], ...] = ()
    commutes: bool = False
    scope: Scope = "pointwise"


# The inputs of a graph: they take nothing, and a constant's value is its attribute.
LEAVES = frozenset({"x", "parameter", "constant"})


def named(text: str) -> tuple[str, ...]:
    """The names in a text."""
    return tuple(text.split())


UNARY = named(
    "neg abs sign relu square reciprocal sqrt rsqrt exp exp2 expm1 log log2 log10 "
    "log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sinc sigmoid "
    "logsigmoid erf erfc erfinv i0e i1e floor ceil round trunc frac softsign silu "
    "mish gelu gelu_tanh selu relu6 hardswish hardsigmoid tanhshrink"
)

WITH_ATTRIBUTES: Mapping[str, tuple[tuple[str, float], ...]] = MappingProxyType(
    {
        "softplus": (("beta", 1.0), ("threshold", 20.0)),
        "elu": (("alpha", 1.0),),
        "celu": (("alpha", 1.0),),
        "leaky_relu": (("negative_slope", 0.01),),
        "hardtanh": (("min_val", -1.0), ("max_val", 1.0)),
        "hardshrink": (("lambd", 0.5),),
        "softshrink": (("lambd", 0.5),),
        "threshold": (("threshold", 0.0), ("value", 0.0)),
    }
)

# maximum and minimum share the gradient at a tie; clamp_min and clamp_max give it to the first.
COMMUTATIVE = ("add", "mul", "maximum", "minimum", "hypot", "logaddexp")
ORDERED = named("sub div pow clamp_min clamp_max atan2 fmod remainder copysign xlogy")
COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne")
LOGICAL = ("and", "or", "xor")

# What no program can say: torch has these slopes in one pass, and lowered graphs use them.
FUSED = ("gelu_slope",)

AXES: Mapping[str, Scope] = MappingProxyType(
    {"feature": "feature", "batch": "batch", "all": "batch"}
)
STATISTICS: Mapping[str, tuple[tuple[str, float], ...]] = MappingProxyType(
    {"mean": (), "norm": (), "var": (("correction", 1.0),), "std": (("correction", 1.0),)}
)


def _every() -> Iterator[Operation]:
    for name in (*UNARY, *FUSED):
        yield Operation(name, "f")
    for name, attributes in WITH_ATTRIBUTES.items():
        yield Operation(name, "f", attributes=attributes)
    for name in COMMUTATIVE:
        yield Operation(name, "ff", commutes=True)
    for name in ORDERED:
        yield Operation(name, "ff")
    for name in COMPARISONS:
        yield Operation(name, "ff", "m", commutes=name in {"eq", "ne"})
    for name in LOGICAL:
        yield Operation(name, "mm", "m", commutes=True)
    yield Operation("not", "m", "m")
    yield Operation("cast", "m")
    yield Operation("where", "mff")
    for axis, scope in AXES.items():
        for statistic, attributes in STATISTICS.items():
            yield Operation(f"{axis}_{statistic}", "f", attributes=attributes, scope=scope)


OPERATIONS: Mapping[str, Operation] = MappingProxyType({each.name: each for each in _every()})
