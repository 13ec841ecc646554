"""Words of others as text: nothing in them moves a cursor, colours a line or turns it around."""

from __future__ import annotations

import unicodedata

LONGEST = 4000  # characters of one text that a screen shows

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def plainly(text: str, most: int = LONGEST) -> str:
    """The text with control and formatting characters spelled out, cut after `most` characters."""
    cut = text[:most]
    shown = "".join(map(_visible, cut))
    left = len(text) - len(cut)
    return f"{shown} ... ({left:,} characters more)" if left else shown


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in _INVISIBLE:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
