"""What an expression of a program can be worth while it is evaluated."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from sandbox.operations import Kind


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor: the number of its node, and whether it is floats (f) or a mask (m)."""

    node: int
    kind: Kind = "f"


@dataclass(frozen=True, slots=True)
class Namespace:
    """A module that may be imported; its name is a key of the table of names."""

    name: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """x.dtype and x.device: they may be handed on, and nothing else."""


@dataclass(frozen=True, slots=True)
class Known:
    """A function of ours by its name, with arguments that it already holds (a tensor's method)."""

    room: str  # torch, math, python or nn
    name: str
    held: tuple[Value, ...] = ()
    options: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function or lambda of the program, with the scope in which it was defined."""

    definition: ast.FunctionDef | ast.Lambda
    names: Names


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the program's class, bound to the one instance."""

    function: Function
    instance: Instance


@dataclass(eq=False, slots=True)
class Instance:
    """`self` of class Activation: attributes are set while __init__ runs, and never after."""

    methods: dict[str, Function]
    attributes: dict[str, Value] = field(default_factory=dict)
    frozen: bool = False


@dataclass(eq=False, slots=True)
class Names:
    """Names and their values in one scope, and the scope around it."""

    around: Names | None = None
    values: dict[str, Value] = field(default_factory=dict)

    def find(self, name: str) -> tuple[Value, ...]:
        """The value as a tuple of one, or an empty tuple where the name is unknown."""
        scope: Names | None = self
        while scope is not None:
            if name in scope.values:
                return (scope.values[name],)
            scope = scope.around
        return ()

    def everything(self) -> Iterator[Value]:
        """Every value in reach, lists and what they hold included; a list that is shared, once."""
        seen: dict[int, tuple[Value, ...]] = {}
        scope: Names | None = self
        while scope is not None:
            stack = [tuple(scope.values.values())]
            while stack:
                for each in stack.pop():
                    yield each
                    if isinstance(each, tuple) and id(each) not in seen:
                        seen[id(each)] = each
                        stack.append(each)
            scope = scope.around


Value: TypeAlias = (
    bool | int | float | str | Tensor | Namespace | Opaque | Known | Function | Method | Instance
    | ast.ClassDef | range | tuple["Value", ...] | None
)  # fmt: skip
