"""Import statements: they bind names of our table, and import nothing."""

from __future__ import annotations

import ast

from sandbox.language.names import IMPORTS, MODULES, member
from sandbox.language.values import Names, Namespace, Value
from sandbox.refusal import Refused


def bind_import(statement: ast.Import | ast.ImportFrom, names: Names) -> None:
    """Binds what the statement would import.

    Raises:
        Refused: a module or a name that is not in the table (`import`).
    """
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            if statement.level:
                raise Refused("import")
            found = _imported(statement.module or "", alias.name)
            names.values[alias.asname or alias.name] = found
        elif alias.name not in IMPORTS:
            raise Refused("import")
        elif alias.asname:
            names.values[alias.asname] = Namespace(IMPORTS[alias.name])
        else:
            root = alias.name.split(".")[0]
            if root not in IMPORTS:  # scipy is understood by way of scipy.special alone
                raise Refused("import", "write from scipy.special import erf")
            names.values[root] = Namespace(IMPORTS[root])


def _imported(module: str, name: str) -> Value:
    if f"{module}.{name}" in IMPORTS:
        return Namespace(IMPORTS[f"{module}.{name}"])
    if (module, name) in {("torch.nn.parameter", "Parameter"), ("torch.nn.modules", "Module")}:
        module = "torch.nn"
    found = member(IMPORTS[module], name) if module in IMPORTS else ()
    if not found or (module, name) in MODULES:
        raise Refused("import")
    return found[0]
