"""Growing the graph while a program is evaluated: tensors in and out, steps counted."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sandbox.building import Builder
from sandbox.folding import COMPARE
from sandbox.graph import RESERVED_NAMES
from sandbox.language.arithmetic import combine, number
from sandbox.language.values import Tensor, Value
from sandbox.operations import OPERATIONS, SCOPES, Scope
from sandbox.refusal import Refused

MOST_STEPS = 20_000
LONGEST_LIST = 256
MOST_NODES = 256
MOST_PARAMETERS = 64

_ARITHMETIC: Mapping[type[ast.operator], str] = MappingProxyType(
    {
        ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow",
        ast.Mod: "remainder",
    }
)  # fmt: skip
_LOGIC: Mapping[type[ast.operator], str] = MappingProxyType(
    {ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor"}
)


class Emitter:
    """The graph of one program as it grows, with the line and the number of steps so far."""

    def __init__(self, scope: Scope) -> None:
        self.builder = Builder(MOST_NODES)
        self.line = 0
        self._steps = 0
        self._scope = scope

    def step(self, node: ast.AST | None = None) -> None:
        """Counts one step of evaluation, and remembers the line for a refusal.

        Raises:
            Refused: `too_many_steps`.
        """
        if isinstance(node, (ast.expr, ast.stmt)):
            self.line = node.lineno
        self.spend(1)

    def spend(self, steps: int) -> None:
        """Counts several steps at once, for work that grows with the program's lists.

        Raises:
            Refused: `too_many_steps`.
        """
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise Refused("too_many_steps")

    def parameter(self, name: str, initial: Value) -> Tensor:
        """A new trainable scalar, under a name that clashes with nothing."""
        if len(self.builder.parameters) >= MOST_PARAMETERS:
            raise Refused("too_many_params")
        start = self.builder.value(self.floats(initial))
        if start is None:
            raise Refused("params")
        return Tensor(self.builder.parameter(self._free_name(name), start))

    def is_leaf(self, tensor: Tensor) -> bool:
        """Whether the tensor is x or a parameter itself, not computed from one."""
        return self.builder.nodes[tensor.node].operation in {"x", "parameter"}

    def constant(self, value: float) -> Tensor:
        """A constant tensor."""
        return Tensor(self.builder.constant(value))

    def value(self, tensor: Tensor) -> float | None:
        """What a tensor is worth if it is constant, otherwise None."""
        return self.builder.value(tensor.node)

    def floats(self, value: Value) -> int:
        """The node of a value as a float tensor; masks become 0 and 1, numbers constants."""
        if isinstance(value, Tensor):
            return value.node if value.kind == "f" else self.builder.add("cast", value.node)
        return self.builder.constant(float(number(value)))

    def mask(self, value: Value) -> int:
        """The node of a value that must be a mask."""
        if not isinstance(value, Tensor) or value.kind != "m":
            raise Refused("type", "use a comparison of tensors, such as x > 0, as the mask")
        return value.node

    def emit(self, name: str, *values: Value, attributes: Sequence[float] = ()) -> Tensor:
        """The result of one operation.

        Raises:
            Refused: values of the wrong kind, or an operation beyond the scope of the search.
        """
        operation = OPERATIONS[name]
        if SCOPES.index(operation.scope) > SCOPES.index(self._scope):
            raise Refused("non_pointwise")
        inputs = [
            self.floats(value) if kind == "f" else self.mask(value)
            for kind, value in zip(operation.takes, values, strict=True)
        ]
        return Tensor(self.builder.add(name, *inputs, attributes=attributes), operation.gives)

    def compare(self, name: str, a: Value, b: Value) -> Value:
        """A mask; or plainly True or False where both sides are constant."""
        left, right = self.floats(a), self.floats(b)
        known = self.builder.value(left), self.builder.value(right)
        if known[0] is not None and known[1] is not None:
            return COMPARE[name](known[0], known[1])
        return self.emit(name, Tensor(left), Tensor(right))

    def binary(self, kind: type[ast.operator], a: Value, b: Value) -> Value:
        """The result of a binary operator on tensors, numbers or lists.

        Raises:
            Refused: the operator does not suit the two.
        """
        if isinstance(a, tuple) and isinstance(b, tuple) and kind is ast.Add:
            self.spend(len(a) + len(b))
            if len(a) + len(b) > LONGEST_LIST:
                raise Refused("too_many_steps")
            return a + b
        if not isinstance(a, Tensor) and not isinstance(b, Tensor):
            return combine(kind, a, b)
        if kind is ast.MatMult:
            raise Refused("non_pointwise")
        if kind in _LOGIC:
            return self.emit(_LOGIC[kind], a, b)
        if kind is ast.FloorDiv:
            return self.emit("floor", self.emit("div", a, b))
        if kind not in _ARITHMETIC:
            raise Refused("type")
        base = self.builder.value(self.floats(a))
        if kind is ast.Pow and base is not None and base <= 0:
            raise Refused("domain")
        return self.emit(_ARITHMETIC[kind], a, b)

    def _free_name(self, name: str) -> str:
        """The name, or a variant that is neither taken nor reserved in canonical source."""
        name = name.strip("_") or "p"
        name = name if name.isidentifier() else f"p{name}"
        taken = RESERVED_NAMES.union(parameter.name for parameter in self.builder.parameters)
        while name in taken or _is_temporary(name):
            name += "_"
        return name


def _is_temporary(name: str) -> bool:
    """Whether canonical source may use the name for an intermediate value: t1, t2, ..."""
    return name[0] == "t" and name[1:].isdigit()
