"""Identities that hold exactly for finite inputs: they make equal programs equal graphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from sandbox.graph import Node
from sandbox.refusal import Refused

_FLIPPED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


class Nodes(Protocol):
    """What an identity may ask of the builder that it works for."""

    nodes: list[Node]

    def constant(self, value: float) -> int:
        """The number of a constant's node."""
        ...

    def value(self, number: int) -> float | None:
        """What a node is worth if it is a constant, otherwise None."""
        ...

    def add(self, name: str, *inputs: int) -> int:
        """The number of a node with this meaning."""
        ...


def simplify(nodes: Nodes, name: str, inputs: tuple[int, ...]) -> int | None:
    """The number of a simpler node that means the same, or None if there is none."""
    rule = _RULES.get(name)
    return rule(nodes, *inputs) if rule else None


def _add(nodes: Nodes, a: int, b: int) -> int | None:
    if nodes.value(a) == 0:
        return b
    return a if nodes.value(b) == 0 else None


def _sub(nodes: Nodes, a: int, b: int) -> int | None:
    subtrahend = nodes.value(b)
    if subtrahend is not None:
        return nodes.add("add", a, nodes.constant(-subtrahend))
    if a == b:
        return nodes.constant(0.0)
    return nodes.add("neg", b) if nodes.value(a) == 0 else None


def _mul(nodes: Nodes, a: int, b: int) -> int | None:
    for factor, other in ((nodes.value(a), b), (nodes.value(b), a)):
        if factor == 0:
            return nodes.constant(0.0)
        if factor == 1:
            return other
        if factor == -1:
            return nodes.add("neg", other)
    return nodes.add("square", a) if a == b else None


def _div(nodes: Nodes, a: int, b: int) -> int | None:
    divisor = nodes.value(b)
    if divisor == 0:
        raise Refused("arith")
    if divisor == 1:
        return a
    if divisor == -1:
        return nodes.add("neg", a)
    if nodes.value(a) == 1:
        return nodes.add("reciprocal", b)
    return nodes.constant(0.0) if nodes.value(a) == 0 else None


def _pow(nodes: Nodes, a: int, b: int) -> int | None:
    exponent = nodes.value(b)
    if exponent is None:
        return None
    if exponent == 0:
        return nodes.constant(1.0)
    if exponent == 1:
        return a
    names = {2.0: "square", 0.5: "sqrt", -0.5: "rsqrt", -1.0: "reciprocal"}
    return nodes.add(names[exponent], a) if exponent in names else None


def _neg(nodes: Nodes, a: int) -> int | None:
    node = nodes.nodes[a]
    return node.inputs[0] if node.operation == "neg" else None


def _not(nodes: Nodes, a: int) -> int | None:
    node = nodes.nodes[a]
    return node.inputs[0] if node.operation == "not" else None


def _where(nodes: Nodes, mask: int, a: int, b: int) -> int | None:
    if a == b:
        return a
    return nodes.add("cast", mask) if nodes.value(a) == 1 and nodes.value(b) == 0 else None


def _idempotent(_nodes: Nodes, a: int, b: int) -> int | None:
    return a if a == b else None


def _comparison(name: str) -> Callable[..., int | None]:
    def flip(nodes: Nodes, a: int, b: int) -> int | None:
        """Constants stand on the right."""
        return nodes.add(_FLIPPED[name], b, a) if nodes.value(a) is not None else None

    return flip


_RULES: Mapping[str, Callable[..., int | None]] = MappingProxyType(
    {
        "add": _add,
        "sub": _sub,
        "mul": _mul,
        "div": _div,
        "pow": _pow,
        "neg": _neg,
        "not": _not,
        "where": _where,
        "maximum": _idempotent,
        "minimum": _idempotent,
        "and": _idempotent,
        "or": _idempotent,
        **{name: _comparison(name) for name in _FLIPPED},
    }
)
