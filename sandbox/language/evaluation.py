"""Expressions of the language: one method for each kind of syntax node."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Protocol

from sandbox.language.arithmetic import COMPARISONS, compare, math_function, number
from sandbox.language.calls import tensor_call
from sandbox.language.emission import LONGEST_LIST, Emitter
from sandbox.language.names import LAYERS, builtin, member, method, refusal_code
from sandbox.language.python import elements, python_call
from sandbox.language.values import (
    Function,
    Instance,
    Known,
    Method,
    Names,
    Namespace,
    Opaque,
    Tensor,
    Value,
)
from sandbox.refusal import Refused

LONGEST_STRING = 64


class Caller(Protocol):
    """Runs a function of the program; the executor of statements is one."""

    def __call__(
        self, function: Function, arguments: tuple[Value, ...], options: dict[str, Value]
    ) -> Value:
        """What the function returns."""
        ...


class Evaluator:
    """Gives the value of expressions; tensors among them are nodes of the emitter's graph."""

    def __init__(self, emitter: Emitter, call: Caller) -> None:
        self._emitter = emitter
        self._call = call
        self._methods: dict[type[ast.expr], Callable[[Any, Names], Value]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Tuple: self._list,
            ast.List: self._list,
            ast.ListComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.Lambda: Function,
            ast.IfExp: self._choice,
            ast.BoolOp: self._bool,
            ast.UnaryOp: self._unary,
            ast.BinOp: self._binary,
            ast.Compare: self._compare,
            ast.Subscript: self._subscript,
            ast.Attribute: self._attribute,
            ast.Call: self._called,
        }

    def value(self, expression: ast.expr, names: Names) -> Value:
        """What an expression is worth.

        Raises:
            Refused: it is not in the language, or means nothing there.
        """
        self._emitter.step(expression)
        evaluate = self._methods.get(type(expression))
        if evaluate is None:
            raise Refused("syntax_node")
        return evaluate(expression, names)

    def truth(self, value: Value) -> bool:
        """Whether a condition holds, known before any tensor has values."""
        if isinstance(value, Tensor):
            raise Refused("data_dependent_branch")
        if value is None or isinstance(value, bool | int | float):
            return bool(value)
        raise Refused("type", "conditions compare plain numbers, strings or None")

    def assign(self, target: ast.expr, value: Value, names: Names) -> None:
        """Binds a name, a list of names, or (while __init__ runs) an attribute of self."""
        if isinstance(target, ast.Name):
            if target.id.startswith("__"):
                raise Refused("dunder")
            names.values[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            if not isinstance(value, tuple) or len(value) != len(target.elts):
                raise Refused("type", "unpack exactly as many values as there are names")
            for each, part in zip(target.elts, value, strict=True):
                self.assign(each, part, names)
        elif isinstance(target, ast.Attribute):
            self._assign_attribute(target, value, names)
        else:
            raise Refused("assign_target")

    def _assign_attribute(self, target: ast.Attribute, value: Value, names: Names) -> None:
        owner = self.value(target.value, names) if isinstance(target.value, ast.Name) else None
        if not isinstance(owner, Instance):
            raise Refused("assign_target")
        if owner.frozen:
            raise Refused("stateful")
        if target.attr.startswith("__"):
            raise Refused("dunder")
        if not isinstance(value, bool | int | float | str | Tensor | Known | tuple | None):
            raise Refused("type", "attributes of self are numbers, layers and nn.Parameter")
        if isinstance(value, Known) and value.name == "Parameter":
            value = self._emitter.parameter(target.attr, value.held[0])
        owner.attributes[target.attr] = value

    def _constant(self, expression: ast.Constant, _names: Names) -> Value:
        value = expression.value
        if isinstance(value, str):
            if len(value) > LONGEST_STRING:
                raise Refused("string")
            return value
        if value is None:
            return None
        if not isinstance(value, bool | int | float | complex):
            raise Refused("type")
        return number(value)

    def _name(self, expression: ast.Name, names: Names) -> Value:
        found = names.find(expression.id) or builtin(expression.id)
        if not found:
            raise Refused("name" if expression.id == "self" else refusal_code(expression.id))
        return found[0]

    def _list(self, expression: ast.Tuple | ast.List, names: Names) -> Value:
        if len(expression.elts) > LONGEST_LIST:
            raise Refused("too_many_steps")
        return tuple(self.value(each, names) for each in expression.elts)

    def _comprehension(self, expression: ast.ListComp | ast.GeneratorExp, names: Names) -> Value:
        (loop, *more) = expression.generators
        if more or loop.is_async:
            raise Refused("syntax_node")
        inner = Names(names)
        found: list[Value] = []
        for each in elements(self.value(loop.iter, names)):
            self._emitter.step()
            self.assign(loop.target, each, inner)
            if all(self.truth(self.value(condition, inner)) for condition in loop.ifs):
                found.append(self.value(expression.elt, inner))
        return tuple(found)

    def _choice(self, expression: ast.IfExp, names: Names) -> Value:
        holds = self.truth(self.value(expression.test, names))
        return self.value(expression.body if holds else expression.orelse, names)

    def _bool(self, expression: ast.BoolOp, names: Names) -> Value:
        value: Value = None
        for each in expression.values:
            value = self.value(each, names)
            if self.truth(value) != isinstance(expression.op, ast.And):
                return value
        return value

    def _unary(self, expression: ast.UnaryOp, names: Names) -> Value:
        value = self.value(expression.operand, names)
        if isinstance(expression.op, ast.Not):
            return not self.truth(value)
        if isinstance(expression.op, ast.Invert):
            return self._emitter.emit("not", value)
        if isinstance(expression.op, ast.UAdd):
            return value if isinstance(value, Tensor) else +number(value)
        return self._emitter.emit("neg", value) if isinstance(value, Tensor) else -number(value)

    def _binary(self, expression: ast.BinOp, names: Names) -> Value:
        left, right = self.value(expression.left, names), self.value(expression.right, names)
        return self._emitter.binary(type(expression.op), left, right)

    def _compare(self, expression: ast.Compare, names: Names) -> Value:
        sides = (expression.left, *expression.comparators)
        values = [self.value(each, names) for each in sides]
        if any(isinstance(each, Tensor) for each in values):
            if len(values) != 2:
                raise Refused("data_dependent_branch")
            kind = type(expression.ops[0])
            if kind not in COMPARISONS:
                raise Refused("type")
            return self._emitter.compare(COMPARISONS[kind], *values)
        pairs = zip(expression.ops, values, values[1:], strict=False)
        return all(compare(type(kind), a, b) for kind, a, b in pairs)

    def _subscript(self, expression: ast.Subscript, names: Names) -> Value:
        value = self.value(expression.value, names)
        if isinstance(value, Tensor):
            raise Refused("non_pointwise")
        index = self.value(expression.slice, names)
        if not isinstance(value, tuple | range) or not isinstance(index, int):
            raise Refused("type", "index lists by plain whole numbers")
        if not -len(value) <= index < len(value):
            raise Refused("index")
        return value[index]

    def _attribute(self, expression: ast.Attribute, names: Names) -> Value:
        name = expression.attr
        if name.startswith("__") or name.endswith("__"):
            raise Refused("dunder")
        owner = self.value(expression.value, names)
        if isinstance(owner, Instance):
            return self._of_self(owner, name)
        if name.startswith("_"):
            raise Refused("dunder")
        if isinstance(owner, Namespace):
            found = member(owner.name, name)
        elif isinstance(owner, Tensor):
            found = method(owner, name)
        else:
            raise Refused("attribute")
        if not found:
            raise Refused(refusal_code(name))
        return found[0]

    def _of_self(self, instance: Instance, name: str) -> Value:
        if name in instance.attributes:
            return instance.attributes[name]
        if name in instance.methods and name != "__init__":
            return Method(instance.methods[name], instance)
        raise Refused(refusal_code(name))

    def _called(self, expression: ast.Call, names: Names) -> Value:
        starred = any(isinstance(each, ast.Starred) for each in expression.args)
        if starred or any(each.arg is None for each in expression.keywords):
            raise Refused("star_call")
        function = self.value(expression.func, names)
        arguments = tuple(self.value(each, names) for each in expression.args)
        options = {each.arg or "": self.value(each.value, names) for each in expression.keywords}
        if isinstance(function, Function):
            return self._call(function, arguments, options)
        if isinstance(function, Method):
            return self._call(function.function, (function.instance, *arguments), options)
        if not isinstance(function, Known):
            raise Refused("call")
        return self._known(function, arguments, options)

    def _known(
        self, function: Known, arguments: tuple[Value, ...], options: dict[str, Value]
    ) -> Value:
        if function.room == "python":
            return python_call(self._emitter, function.name, arguments, options)
        if function.room == "math":
            if any(isinstance(each, Tensor) for each in arguments):
                raise Refused("type", "math functions take numbers; use the torch function")
            if options:
                raise Refused("signature")
            return math_function(function.name, arguments)
        if function.room == "nn":
            return self._layer(function.name, arguments, options)
        if function.room == "layer":  # the tensor comes first, then what the layer was made with
            if len(arguments) != 1 or options:
                raise Refused("signature")
            return tensor_call(
                self._emitter, function.name, (*arguments, *function.held), dict(function.options)
            )
        return tensor_call(self._emitter, function.name, (*function.held, *arguments), options)

    def _layer(self, name: str, arguments: tuple[Value, ...], options: dict[str, Value]) -> Value:
        if name != "Parameter":
            return Known("layer", LAYERS[name], arguments, tuple(options.items()))
        trained = options.pop("requires_grad", True)
        initial = options.pop("data", arguments[0] if len(arguments) == 1 else None)
        if options or not isinstance(trained, bool) or isinstance(initial, Opaque | None):
            raise Refused("params")
        constant = self._emitter.floats(initial)
        if self._emitter.value(Tensor(constant)) is None:
            raise Refused("params")
        # A parameter takes the name of the attribute that it is assigned to.
        return Known("parameter", "Parameter", (Tensor(constant),)) if trained else Tensor(constant)
