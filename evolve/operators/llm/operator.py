"""The language model as an operator: ask it to vary one parent, to cross two, or to invent."""

from __future__ import annotations

import numpy as np

from evolve.errors import NoProposal
from evolve.grammar import gbnf
from evolve.operators.llm.question import Kind, Style, check_templates, phrase
from evolve.operators.llm.reply import program_in
from evolve.protocols import Model
from evolve.records import Proposal, Selection

_SEEDS = 2**31


class Llm:
    """Asks `model` for a child of the parents; pure apart from the model.

    Args:
        model: who is asked; closed by whoever connected it.
        style: how much it is told. Few-shot questions hold the reply to the grammar if they can.
        flop_budget: the largest cost that a program may have; full questions state it.
        cross_share: how often two parents are crossed where there are two, in [0, 1].

    Raises:
        ConfigError: a template of this style cannot be filled.
    """

    def __init__(
        self, model: Model, style: Style, *, flop_budget: float, cross_share: float = 0.25
    ) -> None:
        check_templates(style)
        self._model = model
        self._style = style
        self._flop_budget = flop_budget
        self._cross_share = cross_share
        self._grammar = gbnf() if style is Style.FEW_SHOT and model.grammars else None

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """The program in the model's reply.

        Raises:
            NoProposal: no code in the reply.
            ModelError: the model cannot be asked.
        """
        crossing = len(selection.parents) > 1 and rng.random() < self._cross_share
        kind = Kind.CROSS if crossing else Kind.VARY if selection.parents else Kind.INVENT
        messages = phrase(self._style, kind, selection, self._flop_budget)
        seed = int(rng.integers(_SEEDS))
        call = self._model.complete(messages, seed=seed, grammar=self._grammar)
        try:
            source = program_in(call.reply)
        except NoProposal as nothing:
            raise NoProposal(str(nothing), (call,)) from nothing
        varied = selection.parents[: 2 if crossing else 1]
        shown = selection.inspirations if self._style is Style.FULL and varied else ()
        return Proposal(
            source,
            parents=tuple(each.program.id for each in varied),
            inspirations=tuple(each.program.id for each in shown),
            note=kind,
            calls=(call,),
        )
