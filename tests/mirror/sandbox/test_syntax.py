"""The limits on a text hold whether its tokens are read or so few that none need be."""

import pytest

from sandbox.language.syntax import syntax_tree
from sandbox.refusal import Refused

PADDING = "# " + "a" * 2_500 + "\n"  # makes the text long enough for its tokens to be read


def blocks(count: int) -> str:
    opened = "".join(f"{' ' * depth}if x:\n" for depth in range(count))
    return f"{opened}{' ' * count}x\n"


def code(source: str) -> str:
    try:
        syntax_tree(source)
    except Refused as refused:
        return refused.refusal.code
    return "passed"


@pytest.mark.parametrize("padding", ["", PADDING], ids=["short", "long"])
@pytest.mark.parametrize(
    ("within", "beyond", "expected"),
    [
        ("(" * 50 + "x" + ")" * 50, "(" * 51 + "x" + ")" * 51, "too_deep"),
        ("-" * 50 + "x", "-" * 51 + "x", "too_deep"),
        ("not " * 50 + "x", "not " * 51 + "x", "too_deep"),
        (blocks(12), blocks(13), "too_deep"),
        ("x" + ".a" * 190, "x" + ".a" * 210, "too_deep"),
        ("1" * 40, "1" * 41, "int_too_large"),
        ("." + "1" * 39, "." + "1" * 40, "int_too_large"),
        ("1." + "0" * 35 + "e-5", "1." + "0" * 36 + "e-5", "int_too_large"),
        ("x = 1", "x = 1 $", "syntax"),
        ("x = '''1'''", "x = '''1", "syntax"),
    ],
)
def test_a_limit_holds_in_a_short_text_as_in_a_long_one(
    padding: str, within: str, beyond: str, expected: str
) -> None:
    assert code(padding + within) == "passed"
    assert code(padding + beyond) == expected
