"""A pre-screen: of several proposals of an operator, the one that resembles what was fit.

Fitness is foretold as the mean of the nearest neighbours among the latest that the run has scored,
by the curve of a function or by the tangent kernel of an untrained network that has it (the cheap
part of Bingham and Miikkulainen 2023, arXiv:2301.05785, whose neighbours are of outputs and of
Fisher eigenvalues). A share of proposals is let through unscreened: what the screen would have
dropped of them, and how good that was, is its miss rate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.errors import NoProposal, Unanswered
from evolve.protocols import Operator
from evolve.records import Call, Individual, Proposal, Selection
from evolve.screening import Screening
from sandbox.arrays import outputs
from sandbox.graph import Graph
from sandbox.language.program import parse
from sandbox.preview import curve

Row: TypeAlias = npt.NDArray[np.float64]
Features = Literal["curve", "tangent"]

NEIGHBOURS = 5
FEWEST = 20  # scored, before which nothing is screened
UNSCREENED = 0.2  # of all proposals: what the miss rate is measured on
DEGREES = 8  # of the Hermite polynomials in a tangent kernel
CORRELATIONS: Row = np.linspace(-0.9, 0.9, 7)


@dataclass(frozen=True)
class Screened:
    """Asks an operator several times and hands on the proposal that is foretold the best.

    Attributes:
        width: how often it asks; models are paid for every call.
        features: what two functions are compared by.
    """

    operator: Operator
    width: int
    features: Features = "curve"

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """The best of `width` proposals, or the first, unscreened; its note tells which.

        Raises:
            NoProposal: the operator had nothing to offer in any attempt.
            Unanswered: its model gave no answer before it had anything to offer.
        """
        if len(selection.scored) < max(FEWEST, NEIGHBOURS):
            return self.operator.propose(selection, rng)
        unscreened = bool(rng.random() < UNSCREENED)
        proposals: list[Proposal] = []
        calls: tuple[Call, ...] = ()
        why = note = ""
        for _ in range(self.width):
            try:
                proposals.append(self.operator.propose(selection, rng))
                calls += proposals[-1].calls
            except NoProposal as nothing:
                calls += nothing.calls
                why, note = str(nothing), nothing.note
            except Unanswered as silent:
                calls += silent.calls
                if not proposals:
                    raise Unanswered(str(silent), calls) from silent
                break  # what was paid for before is not lost
        if not proposals:
            raise NoProposal(why, calls, note)
        foretold = foretell([each.source for each in proposals], selection.scored, self.features)
        order = sorted(range(len(proposals)), key=lambda index: (-foretold[index], index))
        chosen = 0 if unscreened else order[0]
        screening = Screening(
            rank=order.index(chosen) + 1,
            width=len(proposals),
            foretold=foretold[chosen],
            unscreened=unscreened,
        )
        kept = proposals[chosen]
        return Proposal(
            kept.source, kept.parents, kept.inspirations, screening.noted(kept.note), calls
        )


def foretell(
    sources: Sequence[str], scored: Sequence[Individual], features: Features
) -> list[float]:
    """The fitness of programs, as far as their nearest neighbours tell.

    Minus infinity for a program that the sandbox cannot read.
    """
    describe = DESCRIPTIONS[features]
    known = np.array([_of_text(each.admission.graph, describe) for each in scored])
    fitness = np.array([each.evaluation.fitness for each in scored])
    centre, spread = known.mean(axis=0), known.std(axis=0) + 1e-9
    placed = (known - centre) / spread
    found = []
    for source in sources:
        graph = parse(source)
        if not isinstance(graph, Graph) or graph.scope != "pointwise":
            found.append(-np.inf)
            continue
        away = np.linalg.norm(placed - (describe(graph) - centre) / spread, axis=1)
        nearest = np.argsort(away, kind="stable")[:NEIGHBOURS]
        found.append(float(fitness[nearest].mean()))
    return found


def shape(graph: Graph) -> Row:
    """A function's curve, with its size taken out: a layer absorbs it."""
    return _squashed(curve(graph))


def tangent(graph: Graph) -> Row:
    """The neural tangent kernel of one wide hidden layer, at a few correlations of its inputs.

    With f = sum a_k h_k in normalised Hermite polynomials the kernel of f is K(r) = sum a_k^2 r^k,
    that of its slope K'(r), and the tangent kernel K(r) + r K'(r) (Jacot et al. 2018,
    arXiv:1806.07572; Daniely et al. 2016, arXiv:1602.05897), here over its value at r = 1.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    values = _bounded(outputs(graph, nodes)[0])
    degree = np.arange(DEGREES + 1)
    sizes = np.sqrt(np.cumprod([1.0, *degree[1:]]))
    basis = np.polynomial.hermite_e.hermevander(nodes, DEGREES) / sizes
    power = ((weights / weights.sum() * values) @ basis) ** 2
    terms = power * (1 + degree)
    kernel: Row = (CORRELATIONS[:, None] ** degree) @ (terms / (terms.sum() + 1e-12))
    return kernel


DESCRIPTIONS: Mapping[Features, Callable[[Graph], Row]] = MappingProxyType(
    {"curve": shape, "tangent": tangent}
)


@lru_cache(maxsize=8192)  # all of them are looked at in every proposal
def _of_text(graph: str, describe: Callable[[Graph], Row]) -> Row:
    return describe(Graph.from_json(graph))


def _squashed(values: Row) -> Row:
    values = _bounded(values)
    scale = float(np.sqrt(np.mean(values**2)))
    return values / scale if scale > 0 else values


def _bounded(values: Row) -> Row:
    return np.clip(np.nan_to_num(values, nan=0.0, posinf=1e6, neginf=-1e6), -1e6, 1e6)
