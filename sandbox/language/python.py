"""The few functions of plain Python that a program may call: range, sum, zip and their like."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from sandbox.language.arithmetic import number
from sandbox.language.emission import LONGEST_LIST, Emitter
from sandbox.language.values import Tensor, Value
from sandbox.refusal import Refused


def elements(value: Value) -> tuple[Value, ...] | range:
    """What a loop runs over.

    Raises:
        Refused: a tensor, something that is no list, or a list that is too long.
    """
    if isinstance(value, Tensor):
        raise Refused("iterate_tensor")
    if not isinstance(value, tuple | range):
        raise Refused("type", "loop over range(...), a list or a tuple")
    if len(value) > LONGEST_LIST:
        raise Refused("too_many_steps")
    return value


def python_call(
    emitter: Emitter, name: str, arguments: tuple[Value, ...], options: Mapping[str, Value]
) -> Value:
    """The result of one of Python's own functions; `name` comes from the table of names.

    Raises:
        Refused: wrong arguments, or a tensor where only a number will do.
    """
    if options and not (name == "enumerate" and options.keys() == {"start"}):
        raise Refused("signature")
    if name in _OF_LISTS:
        return _of_list(name, arguments, options)
    if name == "sum":
        return _sum(emitter, arguments)
    if name == "abs" and len(arguments) == 1 and isinstance(arguments[0], Tensor):
        return emitter.emit("abs", arguments[0])
    if name == "pow" and len(arguments) == 2:
        return emitter.binary(ast.Pow, *arguments)
    if name in {"min", "max"} and len(arguments) == 1:
        arguments = tuple(elements(arguments[0]))
    if any(isinstance(each, Tensor) for each in arguments):
        raise Refused("data_dependent_branch")
    return _of_numbers(name, arguments)


def _of_list(name: str, arguments: tuple[Value, ...], options: Mapping[str, Value]) -> Value:
    if name == "range":
        return _range(arguments)
    if name == "zip":
        return tuple(zip(*map(elements, arguments), strict=False))
    if name == "enumerate" and len(arguments) == 2:
        options, arguments = {"start": arguments[1]}, arguments[:1]
    if len(arguments) != 1:
        raise Refused("signature")
    found = elements(arguments[0])
    if name == "enumerate":
        return tuple(enumerate(found, int(number(options.get("start", 0)))))
    if name == "len":
        return len(found)
    return tuple(reversed(found)) if name == "reversed" else tuple(found)


def _range(arguments: tuple[Value, ...]) -> range:
    bounds = [number(each) for each in arguments]
    if not 1 <= len(bounds) <= 3 or not all(isinstance(each, int) for each in bounds):
        raise Refused("type", "range takes one to three whole numbers")
    if len(bounds) == 3 and bounds[2] == 0:
        raise Refused("arith")
    found = range(*map(int, bounds))
    if len(found) > LONGEST_LIST:
        raise Refused("too_many_steps")
    return found


def _sum(emitter: Emitter, arguments: tuple[Value, ...]) -> Value:
    if not 1 <= len(arguments) <= 2:
        raise Refused("signature")
    total: Value = arguments[1] if len(arguments) == 2 else 0
    for each in elements(arguments[0]):
        emitter.step()
        total = emitter.binary(ast.Add, total, each)
    return total


def _of_numbers(name: str, arguments: Iterable[Value]) -> Value:
    try:
        return number(_OF_NUMBERS[name](*map(number, arguments)))
    except TypeError:
        raise Refused("signature") from None
    except (ArithmeticError, ValueError):
        raise Refused("arith") from None


def _round(value: float, digits: int = 0) -> float:
    """To a few digits only: Python would compute 10**digits, however large that is."""
    if abs(digits) > 30:
        raise ValueError(digits)
    return round(value, digits) if digits else round(value)


_OF_LISTS = frozenset({"range", "enumerate", "reversed", "tuple", "list", "len", "zip"})
_OF_NUMBERS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        "min": min,
        "max": max,
        "abs": abs,
        "float": float,
        "bool": bool,
        "int": int,
        "round": _round,
        "pow": pow,
    }
)
