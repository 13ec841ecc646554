"""One grammar of activation functions, told once: as GBNF for a model, as blind draws without one.

A sentence is a function `activation` that returns one pointwise expression of x. Every call bears
x, exponentials are taken of nothing positive, and no denominator is smaller than 1: so nearly every
sentence is finite with finite slopes. Expressions nest at most three levels deep.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

HEADER = "import torch\nimport torch.nn.functional as F\n\n\n"
"""What a sentence needs before it to be a program; a model is not made to spell it."""

_PLACE = re.compile(r"\{(\w+)(\?)?\}")

RULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "root": ("def activation(x):\n    return {bent}\n",),
        # Level 3: the whole expression, whose first term has a curve: no straight lines.
        "bent": ("{curved}{more3?}", "{number}{sign}{curved}"),
        "curved": ("{curve}{times3?}{over?}", "{straight} * {curve}{over?}"),
        "more3": ("{sign}{product3}", "{sign}{number}"),
        "product3": ("{atom3}{times3?}{over?}", "{number} * {atom3}{factor3?}{over?}"),
        "times3": (" * {atom3}", " * {number}"),
        "factor3": (" * {atom3}",),
        "over": (" / {denominator}",),
        "atom3": ("x", "({sum2})", "{curve}"),
        "straight": ("x", "{number}", "{number} * x"),
        "curve": (
            "{unary}({sum2})",
            "torch.where(x {compare} {threshold}, {sum2}, {sum2})",
            "torch.clamp({sum2}, min=-{number}, max={number})",
            "{binary}({sum2}, {sum2})",
            "{decay}",
        ),
        # Level 2: arguments.
        "sum2": ("{product2}{more2?}", "{number}{sign}{product2}"),
        "more2": ("{sign}{product2}", "{sign}{number}"),
        "product2": ("{atom2}{times2?}", "{number} * {atom2}"),
        "times2": (" * {atom2}", " * {number}"),
        "atom2": ("x", "{unary}({sum1})", "{decay}"),
        "decay": ("torch.exp(-torch.abs({sum1}))", "torch.exp(-torch.square({sum1}))"),
        "denominator": (
            "(1.0 + torch.abs({sum1}))",
            "(1.0 + torch.square({sum1}))",
            "torch.sqrt(1.0 + torch.square({sum1}))",
            # Not exp(-x): its gradient overflows far to the left.
            "(1.0 + torch.exp(-torch.abs(x)))",
        ),
        "unary": ("{inner}", "F.silu", "F.gelu", "F.elu"),
        # Level 1: arguments of arguments.
        "sum1": ("{term}{more1?}", "{number}{sign}{term}"),
        "more1": ("{sign}{term}", "{sign}{number}"),
        "term": (
            "x",
            "-x",
            "{number} * x",
            "{number} * x * x",
            "{inner}(x)",
            "{inner}({number} * x)",
        ),
        "inner": (
            "torch.sigmoid",
            "torch.tanh",
            "F.softplus",
            "torch.erf",
            "torch.sin",
            "torch.cos",
            "torch.atan",
            "torch.asinh",
            "torch.abs",
            "torch.relu",
            "torch.square",
        ),
        "binary": ("torch.maximum", "torch.minimum"),
        "compare": (">", "<"),
        "sign": (" + ", " - "),
        "threshold": ("{number}", "-{number}"),
        "number": ("0.{nonzero}{digit?}", "0.0{nonzero}", "{unit}.{digit}{digit?}"),
        "unit": ("1", "2", "3", "4"),
        "nonzero": tuple("123456789"),
        "digit": tuple("0123456789"),
    }
)
"""Rule -> its alternatives; `{rule}` stands for another rule, `{rule?}` may be left out.

Rules refer only to rules below them, so every draw ends.
"""


def gbnf() -> str:
    """The grammar in llama.cpp's notation, for models that can be held to it."""
    return "".join(
        f"{name} ::= {' | '.join(_notation(alternative) for alternative in alternatives)}\n"
        for name, alternatives in RULES.items()
    )


def draw(rng: np.random.Generator) -> str:
    """Source of a program drawn blindly: every alternative of a rule is equally likely."""
    return HEADER + _sentence("root", rng)


def _sentence(rule: str, rng: np.random.Generator) -> str:
    alternatives = RULES[rule]
    chosen = alternatives[rng.integers(len(alternatives))]

    def fill(place: re.Match[str]) -> str:
        left_out = place[2] is not None and rng.random() < 0.5
        return "" if left_out else _sentence(place[1], rng)

    return _PLACE.sub(fill, chosen)


def _notation(alternative: str) -> str:
    parts: list[str] = []
    end = 0
    for place in _PLACE.finditer(alternative):
        parts += [alternative[end : place.start()], f"{place[1]}{place[2] or ''}"]
        end = place.end()
    parts.append(alternative[end:])
    # Even places hold text, odd ones rules; JSON's escapes are GBNF's.
    return " ".join(part if i % 2 else json.dumps(part) for i, part in enumerate(parts) if part)
