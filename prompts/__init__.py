"""What language models are told: one Markdown template a kind of proposal, for people to edit.

A template is a conversation. A line `# system`, `# user` or `# assistant` begins a turn; `$name`
stands for a field, `$$` for a dollar sign. README.md lists the templates and their fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from string import Template as Dollars

_TURN = re.compile(r"^# (system|user|assistant)[ \t]*$", re.MULTILINE)


class TemplateError(ValueError):
    """A template cannot be filled: the file, the line, and what was wanted there."""


@dataclass(frozen=True)
class Turn:
    """One message of a conversation; `role` is system, user or assistant."""

    role: str
    text: str


@dataclass(frozen=True)
class Template:
    """A conversation with places to fill.

    Attributes:
        path: how people find the file, for errors.
        text: what it says.
    """

    path: str
    text: str

    def fill(self, fields: Mapping[str, str]) -> tuple[Turn, ...]:
        """The conversation with every `$name` replaced; what a field says is not looked into.

        Raises:
            TemplateError: a place without a field, a stray dollar sign, or no turn at all.
        """
        self._check(fields)
        starts = list(_TURN.finditer(self.text))
        ends = [start.start() for start in starts[1:]] + [len(self.text)]
        return tuple(
            Turn(start[1], Dollars(self.text[start.end() : end]).substitute(fields).strip())
            for start, end in zip(starts, ends, strict=True)
        )

    def _check(self, fields: Mapping[str, str]) -> None:
        if not _TURN.search(self.text):
            raise TemplateError(f"{self.path}: no turn in it; wanted a line '# system' or '# user'")
        for place in Dollars.pattern.finditer(self.text):
            line = self.text.count("\n", 0, place.start()) + 1
            if place["invalid"] is not None:
                raise TemplateError(
                    f"{self.path}:{line}: a '$' that begins no field; write '$$' for a dollar sign"
                )
            name = place["named"] or place["braced"]
            if name is not None and name not in fields:
                near = get_close_matches(name, fields, n=1)
                hint = f"; did you mean '${near[0]}'?" if near else ""
                raise TemplateError(
                    f"{self.path}:{line}: no field '${name}'; there are "
                    f"{', '.join(f'${each}' for each in sorted(fields))}{hint}"
                )


def template(name: str) -> Template:
    """The template in `prompts/<name>.md`.

    Raises:
        TemplateError: there is none of that name.
    """
    folder = files(__name__)
    source = folder / f"{name}.md"
    if not source.is_file():
        there = sorted(
            each.name.removesuffix(".md")
            for each in folder.iterdir()
            if each.name.endswith(".md") and each.name != "README.md"
        )
        raise TemplateError(f"no template prompts/{name}.md; there are {', '.join(there)}")
    return Template(f"prompts/{name}.md", source.read_text(encoding="utf-8"))
