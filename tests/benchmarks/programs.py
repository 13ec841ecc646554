"""Diverse admitted programs that no search has chosen, for benchmarks: three blind operators."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import count

import numpy as np

from evolve.config import SandboxTable
from evolve.errors import NoProposal
from evolve.evaluators.admission import Admissions
from evolve.evaluators.references import founders
from evolve.operators.gp import Gp
from evolve.operators.ramachandran import Ramachandran
from evolve.operators.random import Random
from evolve.records import Admission, Evaluation, Individual, Refusal, Selection

_UNMEASURED = Evaluation(0.0, (0.0, 0.0), {}, {}, 0.0, narrow=False, seeds=1)
_OPERATORS = (Random(), Ramachandran(), Gp())


def diverse(wanted: int, seed: int = 3) -> list[Admission]:
    """That many programs, no two of one fingerprint, none of them a textbook activation.

    Draws from the grammar and from the fixed space, and GP's variations of textbook activations
    and of whatever was found so far.
    """
    with closing(Admissions(SandboxTable())) as admissions:
        known = {each.admission.fingerprint: each for each in _textbook(admissions)}
        textbook = len(known)
        for step in count():
            rng = np.random.default_rng((seed, step))
            newcomer = _newcomer(admissions, step, list(known.values()), rng)
            if newcomer is not None:
                known.setdefault(newcomer.admission.fingerprint, newcomer)
            if len(known) == textbook + wanted:
                break
    return [each.admission for each in list(known.values())[textbook:]]


def _textbook(admissions: Admissions) -> Iterator[Individual]:
    for source in founders(()).values():
        individual = _admitted(admissions, source)
        if individual is not None:
            yield individual


def _newcomer(
    admissions: Admissions, step: int, population: list[Individual], rng: np.random.Generator
) -> Individual | None:
    picked = rng.choice(len(population), 2, replace=False)
    selection = Selection(step, 0, tuple(population[each] for each in picked))
    try:
        proposal = _OPERATORS[step % len(_OPERATORS)].propose(selection, rng)
    except NoProposal:
        return None
    return _admitted(admissions, proposal.source)


def _admitted(admissions: Admissions, source: str) -> Individual | None:
    program, verdict = admissions.admit(source)
    if isinstance(verdict, Refusal):
        return None
    return Individual(program, verdict, _UNMEASURED)
