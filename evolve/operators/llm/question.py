"""A selection put into words: which template, and what fills its fields."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import prompts
from evolve.errors import ConfigError
from evolve.operators.llm.portrait import anonymous, function, portrait, weakest
from evolve.protocols import Model
from evolve.records import Message, Selection


class Style(StrEnum):
    """How much a model is told."""

    FEW_SHOT = "few-shot"  # a few worked examples and the sources: all that a small model can use
    FULL = "full"  # rules, costs, gains by task, inspirations

    @classmethod
    def suited_to(cls, model: Model) -> Style:
        """Few-shot for a model held to our grammar: its rules need no telling then."""
        return cls.FEW_SHOT if model.grammars else cls.FULL


class Kind(StrEnum):
    """What a model is asked for."""

    VARY = "vary"
    CROSS = "cross"
    INVENT = "invent"


def check_templates(style: Style) -> None:
    """Makes sure that the templates of `style` can be filled, before a run needs them.

    Raises:
        ConfigError: a template is missing, or has a field that there is not.
    """
    for kind in Kind:
        offered = dict.fromkeys(FIELDS[style, kind], "")
        try:
            prompts.template(TEMPLATES[style, kind]).fill(offered)
        except prompts.TemplateError as error:
            raise ConfigError(str(error)) from error


def phrase(
    style: Style, kind: Kind, selection: Selection, flop_budget: float
) -> tuple[Message, ...]:
    """The conversation that asks for one program out of `selection`, system part first.

    Args:
        style: how much to tell.
        kind: what to ask for; to cross needs two parents, to vary one, to invent none.
        selection: whose sources are shown, in our own spelling.
        flop_budget: the largest cost that a program may have, per element.
    """
    every = _every_field(kind, selection, flop_budget)
    fields = {name: every[name] for name in FIELDS[style, kind]}
    turns = prompts.template(TEMPLATES[style, kind]).fill(fields)
    return tuple(Message(turn.role, turn.text) for turn in turns)


TEMPLATES: Mapping[tuple[Style, Kind], str] = {
    (Style.FEW_SHOT, Kind.VARY): "vary-few-shot",
    (Style.FEW_SHOT, Kind.CROSS): "cross-few-shot",
    (Style.FEW_SHOT, Kind.INVENT): "invent-few-shot",
    (Style.FULL, Kind.VARY): "vary",
    (Style.FULL, Kind.CROSS): "cross",
    (Style.FULL, Kind.INVENT): "invent",
}

FIELDS: Mapping[tuple[Style, Kind], tuple[str, ...]] = {
    (Style.FEW_SHOT, Kind.VARY): ("source",),
    (Style.FEW_SHOT, Kind.CROSS): ("source", "other_source"),
    (Style.FEW_SHOT, Kind.INVENT): ("number",),
    (Style.FULL, Kind.VARY): ("budget", "parent", "inspirations", "weakest"),
    (Style.FULL, Kind.CROSS): ("budget", "parent", "other_parent", "inspirations", "weakest"),
    (Style.FULL, Kind.INVENT): ("budget", "number"),
}
"""What each template may use; `prompts/README.md` explains them."""


def _every_field(kind: Kind, selection: Selection, flop_budget: float) -> Mapping[str, str]:
    general = {"budget": f"{flop_budget:g}", "number": str(selection.step)}
    if kind is Kind.INVENT:
        return general
    parent, *others = selection.parents
    shown = others[:1] if kind is Kind.CROSS else []
    names = anonymous([*selection.parents, *selection.inspirations])
    inspirations = "\n\n".join(portrait(each, names) for each in selection.inspirations)
    fields = general | {
        "source": function(parent),
        "parent": portrait(parent, names),
        "inspirations": inspirations or "None this time.",
        "weakest": weakest(parent, names),
    }
    for other in shown:
        fields |= {"other_source": function(other), "other_parent": portrait(other, names)}
    return fields
