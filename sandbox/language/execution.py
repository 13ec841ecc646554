"""Statements of the language, calls of the program's own functions, and its one class."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from sandbox.language.emission import Emitter
from sandbox.language.evaluation import Evaluator
from sandbox.language.imports import bind_import
from sandbox.language.python import elements
from sandbox.language.values import Function, Names, Tensor, Value
from sandbox.refusal import Refused

DEEPEST_CALLS = 12

_SUPER_CALLS = ("super().__init__()", "super(Activation, self).__init__()")


class _Break(Exception):  # noqa: N818  Python's own way to leave a loop, not an error
    pass


class _Continue(Exception):  # noqa: N818
    pass


class _Return(Exception):  # noqa: N818
    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Executor:
    """Carries out statements; what they compute grows the emitter's graph."""

    def __init__(self, emitter: Emitter) -> None:
        self._emitter = emitter
        self._evaluator = Evaluator(emitter, self.call)
        self.value = self._evaluator.value
        self._depth = 0
        self._statements: dict[type[ast.stmt], Callable[[Any, Names], None]] = {
            ast.Return: self._return,
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.If: self._if,
            ast.For: self._for,
            ast.Break: self._break,
            ast.Continue: self._continue,
            ast.Pass: self._pass,
            ast.FunctionDef: self.define,
            ast.Expr: self._expression,
            ast.While: self._while,
            ast.Import: bind_import,
            ast.ImportFrom: bind_import,
        }

    def block(self, body: Sequence[ast.stmt], names: Names) -> None:
        """Carries out statements in order.

        Raises:
            Refused: a statement is not in the language.
        """
        for statement in body:
            self._emitter.step(statement)
            execute = self._statements.get(type(statement))
            if execute is None:
                raise Refused("syntax_node")
            execute(statement, names)

    def call(
        self, function: Function, arguments: tuple[Value, ...], options: dict[str, Value]
    ) -> Value:
        """What one of the program's own functions returns.

        Raises:
            Refused: the arguments do not fit, or the calls nest too deep.
        """
        self._depth += 1
        if self._depth > DEEPEST_CALLS:
            raise Refused("recursion")
        names = self._bound(function, arguments, dict(options))
        try:
            if isinstance(function.definition, ast.Lambda):
                return self.value(function.definition.body, names)
            self.block(function.definition.body, names)
        except _Return as returned:
            return returned.value
        except (_Break, _Continue):
            raise Refused("syntax") from None
        else:
            return None
        finally:
            self._depth -= 1

    def define(self, statement: ast.FunctionDef, names: Names) -> None:
        """Binds a function's name; decorators that change nothing are passed over."""
        for decorator in statement.decorator_list:
            if ast.unparse(decorator) not in {"torch.jit.script", "staticmethod"}:
                raise Refused("decorator")
        names.values[statement.name] = Function(statement, names)

    def _bound(
        self, function: Function, arguments: tuple[Value, ...], options: dict[str, Value]
    ) -> Names:
        """The scope of a call, with every argument bound."""
        signature = function.definition.args
        if signature.vararg or signature.kwarg or signature.posonlyargs:
            raise Refused("signature")
        places = [each.arg for each in signature.args]
        if len(arguments) > len(places):
            raise Refused("signature")
        names = Names(function.names, dict(zip(places, arguments, strict=False)))
        defaults = default_values(signature)
        for name in (*places[len(arguments) :], *(each.arg for each in signature.kwonlyargs)):
            if name in options:
                names.values[name] = options.pop(name)
            elif name in defaults:
                names.values[name] = self.value(defaults[name], function.names)
            else:
                raise Refused("signature")
        if options:
            raise Refused("signature")
        return names

    def _return(self, statement: ast.Return, names: Names) -> None:
        raise _Return(None if statement.value is None else self.value(statement.value, names))

    def _assign(self, statement: ast.Assign, names: Names) -> None:
        value = self.value(statement.value, names)
        for target in statement.targets:
            self._evaluator.assign(target, value, names)

    def _annotated(self, statement: ast.AnnAssign, names: Names) -> None:
        if statement.value is not None:
            self._evaluator.assign(statement.target, self.value(statement.value, names), names)

    def _augmented(self, statement: ast.AugAssign, names: Names) -> None:
        if not isinstance(statement.target, ast.Name):
            raise Refused("assign_target")
        name = statement.target.id
        old = self.value(ast.copy_location(ast.Name(name, ast.Load()), statement), names)
        # In torch this changes a tensor in place; only where nobody else would see it, it means the
        # same as an assignment.
        if isinstance(old, Tensor) and self._is_seen_elsewhere(old, names):
            raise Refused("inplace")
        value = self.value(statement.value, names)
        names.values[name] = self._emitter.binary(type(statement.op), old, value)

    def _is_seen_elsewhere(self, tensor: Tensor, names: Names) -> bool:
        """Whether the tensor is an input, or more than one name or list holds it."""
        holders = 0
        for each in names.everything():
            self._emitter.spend(1)
            holders += isinstance(each, Tensor) and each.node == tensor.node
        return holders > 1 or self._emitter.is_leaf(tensor)

    def _if(self, statement: ast.If, names: Names) -> None:
        holds = self._evaluator.truth(self.value(statement.test, names))
        self.block(statement.body if holds else statement.orelse, names)

    def _for(self, statement: ast.For, names: Names) -> None:
        for each in elements(self.value(statement.iter, names)):
            self._emitter.step()
            self._evaluator.assign(statement.target, each, names)
            try:
                self.block(statement.body, names)
            except _Break:
                return
            except _Continue:
                continue
        self.block(statement.orelse, names)

    def _break(self, _statement: ast.Break, _names: Names) -> None:
        raise _Break

    def _continue(self, _statement: ast.Continue, _names: Names) -> None:
        raise _Continue

    def _pass(self, _statement: ast.Pass, _names: Names) -> None:
        pass

    def _while(self, _statement: ast.While, _names: Names) -> None:
        raise Refused("while")

    def _expression(self, statement: ast.Expr, names: Names) -> None:
        value = statement.value
        if isinstance(value, ast.Constant):  # a docstring
            return
        if isinstance(value, ast.Call) and ast.unparse(value) in _SUPER_CALLS:
            return
        self.value(value, names)  # for a more telling refusal, if there is one
        raise Refused("expr_statement")


def default_values(signature: ast.arguments) -> dict[str, ast.expr]:
    """The default of every argument that has one."""
    places = [each.arg for each in signature.args]
    first = len(places) - len(signature.defaults)
    defaults = dict(zip(places[first:], signature.defaults, strict=True))
    keywords = zip(signature.kwonlyargs, signature.kw_defaults, strict=True)
    return defaults | {each.arg: default for each, default in keywords if default is not None}
