"""A selection put into words: which template, and what fills its fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

import prompts
from evolve.errors import ConfigError
from evolve.operators.llm import portrait
from evolve.protocols import Model
from evolve.records import Individual, Message, Refusal, Selection

CONTRACT = "contract"
"""The template that every full question begins with: the same text in all of a run."""

EVERYTHING = ("tried", "inspirations", "memory")
"""What a full question tells beside the parent, where nothing is left out."""


class Style(StrEnum):
    """How much a model is told."""

    FEW_SHOT = "few-shot"  # a few worked examples and the sources: all that a small model can use
    FULL = "full"  # rules, costs, gains by task, inspirations, memory

    @classmethod
    def suited_to(cls, model: Model) -> Style:
        """Few-shot for a model held to our grammar: its rules need no telling then."""
        return cls.FEW_SHOT if model.grammars else cls.FULL


class Kind(StrEnum):
    """What a model is asked for."""

    VARY = "vary"
    CROSS = "cross"
    INVENT = "invent"
    SIMPLIFY = "simplify"
    POLISH = "polish"
    DIGEST = "digest"
    REPAIR = "repair"
    EXPLAIN = "explain"


FIELDS: Mapping[tuple[Style, Kind], tuple[str, ...]] = {
    (Style.FEW_SHOT, Kind.VARY): ("source",),
    (Style.FEW_SHOT, Kind.CROSS): ("source", "other_source"),
    (Style.FEW_SHOT, Kind.INVENT): ("number",),
    (Style.FULL, Kind.VARY): (
        "contract", "parent", "tried", "inspirations", "memory", "weakest",
    ),
    (Style.FULL, Kind.CROSS): (
        "contract", "parent", "other_parent", "tried", "inspirations", "memory", "weakest",
    ),
    (Style.FULL, Kind.INVENT): ("contract", "number"),
    (Style.FULL, Kind.SIMPLIFY): ("contract", "parent", "tried"),
    (Style.FULL, Kind.POLISH): ("contract", "parent", "tried", "weakest"),
    (Style.FULL, Kind.DIGEST): ("contract", "parent", "tried", "inspirations", "memory"),
    (Style.FULL, Kind.REPAIR): ("refusal",),
    (Style.FULL, Kind.EXPLAIN): ("contract", "parent", "lineage"),
}  # fmt: skip
"""What each template may use; `prompts/README.md` explains them."""


def template_of(style: Style, kind: Kind) -> str:
    """Name of the template."""
    return kind if style is Style.FULL else f"{kind}-{style}"


def check_templates() -> None:
    """Makes sure that all templates can be filled, before a run needs them.

    Raises:
        ConfigError: a template is missing, or has a field that there is not.
    """
    try:
        prompts.template(CONTRACT).fill({"budget": ""})
        for (style, kind), fields in FIELDS.items():
            prompts.template(template_of(style, kind)).fill(dict.fromkeys(fields, ""))
    except prompts.TemplateError as error:
        raise ConfigError(str(error)) from error


@dataclass(frozen=True)
class Phrasing:
    """How questions are put in one run.

    Attributes:
        flop_budget: the largest cost that a program may have, per element.
        tells: what a full question tells beside the parent: tried, inspirations, memory, and
            task-names, where these are not hidden.
    """

    flop_budget: float
    tells: Collection[str] = EVERYTHING

    def ask(self, style: Style, kind: Kind, selection: Selection) -> tuple[Message, ...]:
        """The conversation that asks for one program out of `selection`, system part first.

        Args:
            style: how much to tell.
            kind: what to ask for; to cross needs two parents, to invent none, all else one.
            selection: whose sources are shown, in our own spelling.
        """
        every = {"number": str(selection.step)}
        if kind is not Kind.INVENT:
            every |= self._of_parents(kind, selection)
        return self._filled(style, kind, every)

    def repair(self, refusal: Refusal) -> tuple[Message, ...]:
        """What is said after a program that was refused."""
        return self._filled(Style.FULL, Kind.REPAIR, {"refusal": str(refusal)})

    def explain(
        self, individual: Individual, ancestors: Collection[Individual]
    ) -> tuple[Message, ...]:
        """The question why an individual may be good; not for a program, but for people."""
        names = portrait.names_of([individual, *ancestors], told=self._names)
        told = "\n\n".join(portrait.portrait(each, names) for each in ancestors)
        fields = {
            "parent": portrait.portrait(individual, names),
            "lineage": told or "It has no parents.",
        }
        return self._filled(Style.FULL, Kind.EXPLAIN, fields)

    @property
    def _names(self) -> bool:
        return "task-names" in self.tells

    def _of_parents(self, kind: Kind, selection: Selection) -> dict[str, str]:
        parent, *others = selection.parents
        names = portrait.names_of([*selection.parents, *selection.inspirations], told=self._names)
        inspirations = selection.inspirations if "inspirations" in self.tells else ()
        shown = "\n\n".join(portrait.portrait(each, names) for each in inspirations)
        tried = selection.tried if "tried" in self.tells else ()
        fields = {
            "source": portrait.function(parent),
            "parent": portrait.portrait(parent, names),
            "inspirations": shown or "None this time.",
            "tried": portrait.attempts(tried, parent.evaluation.fitness),
            "memory": "Nothing yet.",
            "weakest": portrait.weakest(parent, names),
        }
        if "memory" in self.tells:
            fields["memory"] = portrait.memory(selection.digest, names)
        if kind is Kind.CROSS:
            fields["other_source"] = portrait.function(others[0])
            fields["other_parent"] = portrait.portrait(others[0], names)
        return fields

    def _filled(self, style: Style, kind: Kind, every: dict[str, str]) -> tuple[Message, ...]:
        wanted = FIELDS[style, kind]
        if "contract" in wanted:
            (turn,) = prompts.template(CONTRACT).fill({"budget": f"{self.flop_budget:g}"})
            every["contract"] = turn.text
        fields = {name: every[name] for name in wanted}
        turns = prompts.template(template_of(style, kind)).fill(fields)
        return tuple(Message(turn.role, turn.text) for turn in turns)
