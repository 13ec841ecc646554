"""Arithmetic and comparison of plain numbers, within bounds that no program can burst."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sandbox.language.values import Value
from sandbox.refusal import Refused

LARGEST_INTEGER = 2**53  # beyond it a float64 no longer holds every integer

Number = bool | int | float

_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
        ast.FloorDiv: operator.floordiv,
        ast.Mod: operator.mod,
        ast.Pow: operator.pow,
    }
)

COMPARISONS: Mapping[type[ast.cmpop], str] = MappingProxyType(
    {
        ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
    }
)  # fmt: skip


def number(value: Value | complex) -> Number:
    """The value, if it is a finite real number of bearable size.

    Raises:
        Refused: `int_too_large`, `nan_const`, `complex` or `type`.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise Refused("int_too_large")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Refused("nan_const" if math.isnan(value) else "inf_const")
        return value
    raise Refused("complex" if isinstance(value, complex) else "type")


def combine(kind: type[ast.operator], a: Value, b: Value) -> Number:
    """The two numbers combined.

    Raises:
        Refused: not numbers, an unknown operator, or no finite real result.
    """
    left, right = number(a), number(b)
    if kind not in _OPERATORS:
        raise Refused("type")
    if kind is ast.Pow and _is_huge_power(left, right):
        raise Refused("int_too_large")
    try:
        return number(_OPERATORS[kind](left, right))
    except ArithmeticError:
        raise Refused("arith") from None


def _is_huge_power(base: Number, exponent: Number) -> bool:
    """Known beforehand, because the power itself could fill the memory."""
    if not isinstance(base, int) or not isinstance(exponent, int):
        return False
    return abs(exponent) > 64 or (abs(base) > 1 and abs(exponent) * base.bit_length() > 60)


def compare(kind: type[ast.cmpop], a: Value, b: Value) -> bool:
    """The comparison of two numbers or strings, or of anything with None, True or False.

    Raises:
        Refused: the two cannot be compared.
    """
    if kind in {ast.Is, ast.IsNot}:
        if not (b is None or isinstance(b, bool)):
            raise Refused("type")
        return (a is b) == (kind is ast.Is)
    if isinstance(a, str) and isinstance(b, str) and kind in {ast.Eq, ast.NotEq}:
        return (a == b) == (kind is ast.Eq)
    if kind not in COMPARISONS:
        raise Refused("type")
    compared = {
        "lt": operator.lt, "le": operator.le, "gt": operator.gt,
        "ge": operator.ge, "eq": operator.eq, "ne": operator.ne,
    }[COMPARISONS[kind]]  # fmt: skip
    return bool(compared(number(a), number(b)))


def math_function(name: str, arguments: tuple[Value, ...]) -> Number:
    """A function of the math module on numbers; `name` comes from our table, never from a program.

    Raises:
        Refused: no finite result, or wrong arguments.
    """
    function: Callable[..., float] = vars(math)[name]
    try:
        return number(function(*map(number, arguments)))
    except TypeError:
        raise Refused("signature") from None
    except (ArithmeticError, ValueError):
        raise Refused("arith") from None
