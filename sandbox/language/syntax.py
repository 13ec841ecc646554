"""From text to a syntax tree, with limits that hold before Python's parser sees the text."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import unicodedata
import warnings

from sandbox.refusal import Refused

MOST_BYTES = 16_384
MOST_TOKENS = 4_000
DEEPEST_BRACKETS = 50
DEEPEST_INDENT = 12
DEEPEST_TREE = 200
LONGEST_NUMBER = 40

_UNSEEN = frozenset({"Cf", "Co", "Cs", "Cn", "Cc"})  # formats, private, surrogates, controls
_UNUSUAL = re.compile(r"[^\t\n\f\r -\x7f]")
_PREFIXES = frozenset({"-", "+", "~", "**", "(", "[", "{"})
_NESTING_WORDS = frozenset({"not", "lambda", "await", "if", "else"})
_LONG_NUMBER = re.compile(rf"\d[\w.+-]{{{LONGEST_NUMBER - 1}}}")  # a dot may stand before it


def syntax_tree(source: str) -> ast.Module:
    """The syntax tree of a program that is small and flat enough to be walked.

    Raises:
        Refused: `source`, `syntax`, `unicode`, `too_long`, `too_deep` or `int_too_large`.
    """
    _check_characters(source)
    if not _is_small(source):
        _check_tokens(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape is the candidate's affair
            tree = ast.parse(source)
    except SyntaxError as error:
        raise Refused("syntax", line=_line(error)) from None
    except (ValueError, RecursionError, MemoryError):
        raise Refused("syntax") from None
    _check_depth(tree)
    return tree


def _line(error: tokenize.TokenError | SyntaxError) -> int:
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    return int(error.args[1][0]) if len(error.args) > 1 else 0


def _check_characters(source: str) -> None:
    if not isinstance(source, str):
        raise Refused("source")
    # The count of characters comes first: encoding a huge text would cost its memory again.
    if len(source) > MOST_BYTES or len(source.encode("utf-8", "replace")) > MOST_BYTES:
        raise Refused("too_long")
    if "\0" in source:
        raise Refused("syntax")
    for found in _UNUSUAL.finditer(source):
        if found[0] < " " or unicodedata.category(found[0]) in _UNSEEN:
            raise Refused("unicode", line=source[: found.start()].count("\n") + 1)


def _is_small(source: str) -> bool:
    """Whether the limits on tokens hold whatever the tokens are, so that none need be read."""
    return (
        source.isascii()
        and len(source) <= MOST_TOKENS // 2  # a token takes a character, save at ends of blocks
        and source.count(":") <= DEEPEST_INDENT  # a block takes a colon
        and sum(map(source.count, _PREFIXES | _NESTING_WORDS)) <= DEEPEST_BRACKETS
        and _LONG_NUMBER.search(source) is None
    )


def _check_tokens(source: str) -> None:
    try:
        _count_tokens(source)
    except (tokenize.TokenError, SyntaxError) as error:
        raise Refused("syntax", line=_line(error)) from None


def _count_tokens(source: str) -> None:
    brackets = indent = run = 0
    for count, token in enumerate(tokenize.generate_tokens(io.StringIO(source).readline)):
        if count >= MOST_TOKENS:
            raise Refused("too_long", line=token.start[0])
        _check_token(token)
        if token.type == tokenize.OP:
            brackets += (token.string in "([{") - (token.string in ")]}")
        indent += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
        run = _prefixes(token, run)
        if brackets > DEEPEST_BRACKETS or run > DEEPEST_BRACKETS or indent > DEEPEST_INDENT:
            raise Refused("too_deep", line=token.start[0])


def _check_token(token: tokenize.TokenInfo) -> None:
    if token.type == tokenize.NAME and not token.string.isascii():
        raise Refused("unicode", line=token.start[0])
    if token.type == tokenize.ERRORTOKEN and not token.string.isspace():
        raise Refused("syntax", line=token.start[0])
    if token.type == tokenize.NUMBER and len(token.string) > LONGEST_NUMBER:
        raise Refused("int_too_large", line=token.start[0])


def _prefixes(token: tokenize.TokenInfo, run: int) -> int:
    """Length of the run of prefixes that nest without brackets: - - - x, not not not x."""
    if token.type == tokenize.OP:
        return run + 1 if token.string in _PREFIXES else 0
    if token.type == tokenize.NAME and token.string in _NESTING_WORDS:
        return run + 1
    return run if token.type in {tokenize.NL, tokenize.COMMENT} else 0


def _check_depth(tree: ast.Module) -> None:
    level: list[ast.AST] = [tree]
    depth = 0
    while level:
        depth += 1
        if depth > DEEPEST_TREE + 1:
            raise Refused("too_deep")
        level = [child for node in level for child in ast.iter_child_nodes(node)]
