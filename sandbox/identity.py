"""The id of a program: a hash of its syntax, so that layout and comments do not count."""

from __future__ import annotations

import ast
from hashlib import blake2b

from sandbox.language.syntax import syntax_tree
from sandbox.refusal import Refused


def program_id(source: str) -> str:
    """12 hex digits: of the syntax tree without docstrings, or of the text where there is none."""
    try:
        tree = syntax_tree(source)
    except Refused:
        return _digest(source)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return _digest(ast.dump(tree))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
