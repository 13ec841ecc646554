"""The language model as an operator: asked to vary, to cross, to invent, to simplify, to polish."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evolve.errors import NoProposal
from evolve.experience import DIGEST, digest_lines
from evolve.grammar import gbnf
from evolve.operators.llm.cheaper import demand_cheaper
from evolve.operators.llm.question import Kind, Phrasing, Style, check_templates
from evolve.operators.llm.reply import program_in
from evolve.protocols import Model
from evolve.records import Proposal, Selection

SEEDS = 2**31
"""Seeds of a model's own sampling are below this."""

_ALONE = (Kind.SIMPLIFY, Kind.POLISH)
_SHOWING = (Kind.VARY, Kind.CROSS, Kind.DIGEST)


@dataclass(frozen=True)
class Llm:
    """Asks `model` for a child of the parents; pure apart from the model.

    Attributes:
        model: who is asked; closed by whoever connected it.
        style: how much it is told. Few-shot questions hold the reply to the grammar if they can.
        phrasing: how questions are put.
        role: the one kind of thing it is asked for; none to vary and to cross.
        cross_share: how often two parents are crossed where there are two, in [0, 1].
        held: whether a reply may be held to the grammar.

    Raises:
        ConfigError: a template cannot be filled.
    """

    model: Model
    style: Style
    phrasing: Phrasing
    role: Kind | None = None
    cross_share: float = 0.25
    held: bool = True

    def __post_init__(self) -> None:
        check_templates()

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """The program in the model's reply.

        Raises:
            NoProposal: no code in the reply, or nothing of the kind that was asked for.
            Unanswered: the model gave no answer.
            ModelError: the model cannot be asked.
        """
        kind = self._kind(selection, rng)
        # What a small model has no words for is asked in full.
        style = Style.FULL if kind in _ALONE else self.style
        messages = self.phrasing.ask(style, kind, selection)
        seed = int(rng.integers(SEEDS))
        grammar = gbnf() if self._is_held(style) else None
        call = self.model.complete(messages, seed=seed, grammar=grammar)
        varied = selection.parents[: 2 if kind is Kind.CROSS else 0 if kind is Kind.INVENT else 1]
        note = str(kind)
        if kind is Kind.DIGEST:
            note = "\n".join([DIGEST, *(f"- {line}" for line in digest_lines(call.reply))])
        try:
            source = program_in(call.reply)
            if kind is Kind.SIMPLIFY:
                demand_cheaper(source, varied[0])
        except NoProposal as nothing:
            raise NoProposal(str(nothing), (call,), note) from nothing
        shows = style is Style.FULL and kind in _SHOWING and "inspirations" in self.phrasing.tells
        return Proposal(
            source,
            parents=tuple(each.program.id for each in varied),
            inspirations=tuple(each.program.id for each in selection.inspirations if shows),
            note=note,
            calls=(call,),
        )

    def _kind(self, selection: Selection, rng: np.random.Generator) -> Kind:
        if not selection.parents:
            if self.role in _ALONE:
                raise NoProposal(f"there is no parent yet to {self.role}")
            return Kind.INVENT
        if selection.takes_stock and self.style is Style.FULL:
            return Kind.DIGEST
        if self.role is Kind.CROSS and len(selection.parents) > 1:
            return Kind.CROSS
        if self.role is not None:
            return Kind.VARY if self.role is Kind.CROSS else self.role
        crossing = len(selection.parents) > 1 and rng.random() < self.cross_share
        return Kind.CROSS if crossing else Kind.VARY

    def _is_held(self, style: Style) -> bool:
        return self.held and style is Style.FEW_SHOT and self.model.grammars
