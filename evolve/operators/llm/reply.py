"""Finds the program in what a model said: code among prose, several blocks, reasoning aloud."""

from __future__ import annotations

import re
from textwrap import dedent

from evolve.errors import NoProposal
from sandbox.language.program import parse
from sandbox.refusal import Refusal

_LONGEST = 64_000  # characters; no activation needs them, and nothing beyond is looked at
_QUOTED = 80  # characters of a reply without code: a refusal says why
_THOUGHT_ENDS = re.compile(r"</(?:think|thinking|reasoning)>", re.IGNORECASE)
_THOUGHT_BEGINS = re.compile(r"<(?:think|thinking|reasoning)>", re.IGNORECASE)
_BLOCK = re.compile(
    r"^[ \t]*(```|~~~)[ \t]*([\w+#-]*)[^\n]*\n(.*?)(?P<end>^[ \t]*\1|\Z)", re.DOTALL | re.MULTILINE
)
_PYTHON = frozenset({"", "python", "py", "python3", "pytorch", "torch", "text", "code"})
_DIFFERENCE = re.compile(
    r"^(?:<{5,} |={5,}$|>{5,} |@@ |--- a/|\+\+\+ b/|[+-] *(?:def|return)\b)", re.MULTILINE
)
_FUNCTION = re.compile(r"^def[ \t]+(\w+)[ \t]*\(", re.MULTILINE)
_ENTRY = re.compile(
    r"^(?:def[ \t]+activation[ \t]*\(|class[ \t]+Activation\b|activation[ \t]*=)", re.MULTILINE
)
_CODE_BEGINS = re.compile(
    r"^(?:def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[(:]|import[ \t]+[\w.]+[ \t]*(?:as\b|$)"
    r"|from[ \t]+[\w.]+[ \t]+import\b)",
    re.MULTILINE,
)
_IMPORTS = {
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
    "nn": "from torch import nn",
    "math": "import math",
}
_CODE_LINE = re.compile(r"\s|def\b|class\b|import\b|from\b|@|#|\)|[A-Za-z_]\w*[ \t]*=")


def program_in(reply: str) -> str:
    """Source of the program in `reply`, its entry named `activation` and its usual imports made.

    Nothing is checked any further: that is admission's business. Of several blocks the last one
    with a function counts: models repeat the question first.

    Raises:
        NoProposal: there is no code in it; says what there is.
    """
    spoken = _after_thought(reply[:_LONGEST])
    if not spoken.strip():
        raise NoProposal("the reply is empty")
    found_blocks = list(_BLOCK.finditer(spoken))
    blocks = [dedent(block[3]) for block in found_blocks]
    for candidates in (blocks, [_bare(spoken)]):
        for pattern in (_ENTRY, _FUNCTION):
            found = [each for each in candidates if pattern.search(each)]
            if found:
                source = _imported(_named(found[-1]).strip()) + "\n"
                cut = not found_blocks or not found_blocks[-1]["end"].strip()
                if cut and found[-1] is candidates[-1]:
                    _demand_whole(source)
                return source
    raise NoProposal(_instead(spoken, [block[2].lower() for block in found_blocks]))


def _demand_whole(source: str) -> None:
    """Raises NoProposal where code ends in the middle: more tokens would help, a repair would not.

    Asked only of what nothing closes, a fence or a word after it.
    """
    verdict = parse(source)
    last = source.rstrip().count("\n") + 1
    if isinstance(verdict, Refusal) and verdict.code == "syntax" and verdict.line >= last:
        raise NoProposal("the reply ends in the middle of its code: raise model.max_tokens")


def _instead(spoken: str, languages: list[str]) -> str:
    """What a reply without a program holds."""
    if _DIFFERENCE.search(spoken):
        return "the reply is a difference to a program, not a whole one"
    foreign = next((each for each in languages if each not in _PYTHON), "")
    if foreign:
        return f"the reply's code is {foreign}, not Python, and defines no function"
    if languages:
        return "the reply's code defines no function"
    words = " ".join(spoken.split())
    return f"the reply holds no code, only words: {words[:_QUOTED]!r}"


def _after_thought(reply: str) -> str:
    """What is said after the reasoning, or before it; some servers keep the opening tag back."""
    *thoughts, spoken = _THOUGHT_ENDS.split(reply)
    if thoughts and not spoken.strip():
        spoken = thoughts[0]
    before, *unfinished = _THOUGHT_BEGINS.split(spoken, maxsplit=1)
    if unfinished and not thoughts and not before.strip():
        raise NoProposal("the reply ends while the model is still reasoning: raise max_tokens")
    return before


def _bare(spoken: str) -> str:
    """Code without a fence: from the first line that looks like it to the first that does not."""
    begin = _CODE_BEGINS.search(spoken)
    if begin is None:
        return ""
    lines = spoken[begin.start() :].splitlines(keepends=True)
    prose = (i for i, line in enumerate(lines) if line.strip() and not _CODE_LINE.match(line))
    return "".join(lines[: next(prose, len(lines))])


def _named(source: str) -> str:
    """`source` with its last function called `activation`, unless there is an entry already."""
    if _ENTRY.search(source):
        return source
    last = list(_FUNCTION.finditer(source))[-1]
    return f"{source[: last.start(1)]}activation{source[last.end(1) :]}"


def _imported(source: str) -> str:
    """`source` with the imports that models take for granted."""
    missing = [
        line
        for name, line in _IMPORTS.items()
        if re.search(rf"\b{name}\.", source)
        and not re.search(rf"^(?:import|from)\b.*\b{name}\b", source, re.MULTILINE)
    ]
    return "\n".join([*missing, "", "", source]) if missing else source
