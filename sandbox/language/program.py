"""The whole program: its top level, its entry point and its parameters."""

from __future__ import annotations

import ast

from sandbox.building import X
from sandbox.graph import Graph
from sandbox.language.arithmetic import number
from sandbox.language.emission import Emitter
from sandbox.language.execution import Executor, default_values
from sandbox.language.imports import bind_import
from sandbox.language.syntax import syntax_tree
from sandbox.language.values import Function, Instance, Names, Tensor, Value
from sandbox.operations import Scope
from sandbox.refusal import Refusal, Refused

_BASES = frozenset({"nn.Module", "torch.nn.Module", "Module"})


def parse(source: str, scope: Scope = "pointwise") -> Graph | Refusal:
    """The graph that a program means, or why it means none; nothing of the program is executed.

    Understands `def activation(x, beta=1.0)`, whose float defaults are trainable scalars (other
    defaults are fixed), and `class Activation(nn.Module)` with scalar `nn.Parameter`s.
    """
    emitter = Emitter(scope)
    try:
        return _Program(emitter).graph(syntax_tree(source))
    except Refused as refused:
        return refused.at(emitter.line)
    except RecursionError:
        return Refused("too_deep").at(emitter.line)


class _Program:
    """One program while it is read."""

    def __init__(self, emitter: Emitter) -> None:
        self._emitter = emitter
        self._executor = Executor(emitter)
        self._names = Names()
        self._declared: dict[str, float] = {}  # PARAMS = {"alpha": 1.0}, another way to say it

    def graph(self, tree: ast.Module) -> Graph:
        for statement in tree.body:
            self._emitter.step(statement)
            self._top_level(statement)
        found = self._names.find("activation") or self._names.find("Activation")
        if found and isinstance(found[0], Function):
            output = self._run_function(found[0])
        elif found and isinstance(found[0], ast.ClassDef):
            output = self._run_class(found[0])
        else:
            raise Refused("no_entry")
        if not isinstance(output, Tensor):
            raise Refused("not_tensor")
        return self._finish(output)

    def _finish(self, output: Tensor) -> Graph:
        graph = self._emitter.builder.finish(self._emitter.floats(output))
        reads_x = graph.output == X or any(X in node.inputs for node in graph.nodes)
        if not reads_x:
            raise Refused("constant_output")
        return graph

    def _top_level(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            bind_import(statement, self._names)
        elif isinstance(statement, ast.FunctionDef):
            self._executor.define(statement, self._names)
        elif isinstance(statement, ast.ClassDef):
            if statement.name != "Activation":
                raise Refused("class")
            self._names.values[statement.name] = statement
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            target = _target(statement)
            if isinstance(target, ast.Name) and target.id == "PARAMS":
                self._declare(statement.value)
            else:
                self._executor.block([statement], self._names)
        elif not (isinstance(statement, ast.Expr) and _is_text(statement.value)):
            raise Refused("toplevel")

    def _declare(self, table: ast.expr | None) -> None:
        if not isinstance(table, ast.Dict):
            raise Refused("params")
        for key, value in zip(table.keys, table.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                raise Refused("params")
            self._declared[key.value] = float(number(self._executor.value(value, self._names)))

    def _run_function(self, function: Function) -> Value:
        signature = function.definition.args
        if not signature.args:
            raise Refused("signature")
        defaults = default_values(signature)
        options: dict[str, Value] = {}
        for each in (*signature.args[1:], *signature.kwonlyargs):
            if each.arg in self._declared:
                options[each.arg] = self._emitter.parameter(each.arg, self._declared[each.arg])
            elif each.arg in defaults:
                value = self._executor.value(defaults[each.arg], self._names)
                trainable = isinstance(value, float)
                options[each.arg] = self._emitter.parameter(each.arg, value) if trainable else value
            else:
                raise Refused("signature", line=function.definition.lineno)
        return self._executor.call(function, (Tensor(X),), options)

    def _run_class(self, definition: ast.ClassDef) -> Value:
        bases = [ast.unparse(base) for base in definition.bases]
        if definition.keywords or definition.decorator_list or not _BASES.issuperset(bases):
            raise Refused("class", line=definition.lineno)
        if len(bases) != 1:
            raise Refused("class", line=definition.lineno)
        scope = Names(self._names)
        instance = Instance({})
        for statement in definition.body:
            self._emitter.step(statement)
            self._class_level(statement, scope, instance)
        if "__init__" in instance.methods:
            self._executor.call(instance.methods["__init__"], (instance,), {})
        instance.frozen = True
        if "forward" not in instance.methods:
            raise Refused("no_entry", line=definition.lineno)
        return self._executor.call(instance.methods["forward"], (instance, Tensor(X)), {})

    def _class_level(self, statement: ast.stmt, scope: Names, instance: Instance) -> None:
        if isinstance(statement, ast.FunctionDef):
            if statement.name.startswith("__") and statement.name != "__init__":
                raise Refused("dunder")
            self._executor.define(statement, scope)
            function = scope.values.pop(statement.name)  # methods are reached through self only
            assert isinstance(function, Function)  # noqa: S101  what define has just bound
            instance.methods[statement.name] = Function(function.definition, self._names)
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            target = _target(statement)
            if not isinstance(target, ast.Name):
                raise Refused("class")
            value = number(self._executor.value(statement.value, self._names))
            instance.attributes[target.id] = value
        elif not isinstance(statement, ast.Pass) and not (
            isinstance(statement, ast.Expr) and _is_text(statement.value)
        ):
            raise Refused("class")


def _target(statement: ast.Assign | ast.AnnAssign) -> ast.expr:
    return statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]


def _is_text(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Constant) and isinstance(expression.value, str)
