"""Optuna's tree-structured Parzen estimator over the fixed spaces: a comparator (extra `compare`).

Bergstra, Bardenet, Bengio, Kegl 2011, NIPS 24. Its history is whatever the run has scored of its
space, whoever proposed it; the study is rebuilt in every proposal, so that nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from evolve.errors import ConfigError, NoProposal
from evolve.records import Individual, Proposal, Selection
from evolve.spaces import pangaea, ramachandran
from evolve.trees.judging import promising
from evolve.trees.tree import Tree, X

if TYPE_CHECKING:
    import optuna

DRAWS = 60  # for a member that will be admitted; the estimator hears of those that would not be
MOST_UNITS = 3

Slots = Mapping[str, str | int]
"""Which choice a member makes in each of its slots."""


class Space(Protocol):
    """A fixed space as slots with a few choices each."""

    def slots(self, individual: Individual) -> Slots | None:
        """The choices of a program of this space; None for any other."""
        ...

    def choices(self, slots: Slots) -> Mapping[str, tuple[str | int, ...]]:
        """The slots that a member with these choices has, each with its choices."""
        ...

    def source(self, slots: Slots) -> str | None:
        """The member's program; None where it would not be admitted."""
        ...


class CoreUnits:
    """One to three core units of Ramachandran et al., each chained to the one before."""

    def slots(self, individual: Individual) -> Slots | None:
        """The choices of a member whose every unit reads the one before and x."""
        units = ramachandran.member(individual)
        plain = all(unit.reads == (number, 0) for number, unit in enumerate(units))
        if not units or len(units) > MOST_UNITS or not plain:
            return None
        found: dict[str, str | int] = {"units": len(units)}
        for number, unit in enumerate(units):
            found |= {
                f"binary {number}": unit.binary,
                f"left {number}": unit.left,
                f"right {number}": unit.right,
            }
        return found

    def choices(self, slots: Slots) -> Mapping[str, tuple[str | int, ...]]:
        """How many units there are, and three slots for each."""
        found: dict[str, tuple[str | int, ...]] = {"units": tuple(range(1, MOST_UNITS + 1))}
        for number in range(int(slots.get("units", 0))):
            found[f"binary {number}"] = tuple(ramachandran.BINARY)
            found[f"left {number}"] = found[f"right {number}"] = tuple(ramachandran.UNARY)
        return found

    def source(self, slots: Slots) -> str | None:
        """The member's program."""
        units = tuple(
            ramachandran.Unit(
                binary=str(slots[f"binary {number}"]),
                left=str(slots[f"left {number}"]),
                right=str(slots[f"right {number}"]),
                reads=(number, ramachandran.INPUT),
            )
            for number in range(int(slots["units"]))
        )
        return ramachandran.source(units) if ramachandran.graph_of(units) else None


class Beginnings:
    """The trees that PANGAEA begins with: unary(unary(x)) and binary(unary(x), unary(x))."""

    def slots(self, individual: Individual) -> Slots | None:
        """The choices of a member of either shape, its trainable scalars left out."""
        tree = pangaea.member(individual)
        inner = tree.inputs if tree else ()
        if tree is None or any(each.inputs != (X,) for each in inner):
            return None
        found = {"outer": tree.operation, "first": inner[0].operation} if inner else {}
        if len(inner) == 2:
            found["second"] = inner[1].operation
        return found if found and _belongs(tree) else None

    def choices(self, slots: Slots) -> Mapping[str, tuple[str | int, ...]]:
        """The operator at the root, and those below it."""
        found = {"outer": (*pangaea.UNARY, *pangaea.BINARY), "first": pangaea.UNARY}
        return found | ({"second": pangaea.UNARY} if slots.get("outer") in pangaea.BINARY else {})

    def source(self, slots: Slots) -> str | None:
        """The member's program, without trainable scalars."""
        below = [name for name in ("first", "second") if name in slots]
        inner = [pangaea.operator(str(slots[name]), X) for name in below]
        tree = pangaea.operator(str(slots["outer"]), *inner)
        graph = promising(pangaea.written_out(tree))
        return pangaea.source(graph, tree) if graph else None


CORE_UNITS = CoreUnits()


class Tpe:
    """Proposes the member of a space that the estimator expects most of; of core units, usually."""

    def __init__(self, space: Space = CORE_UNITS) -> None:
        """Takes the space, and makes sure that Optuna is there.

        Raises:
            ConfigError: it is not installed.
        """
        try:
            import optuna
        except ImportError:
            raise ConfigError(
                "operator 'tpe' needs Optuna, which is not installed: "
                "pip install 'activolve[compare]'"
            ) from None
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.space = space

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """A member of the space.

        Raises:
            NoProposal: the estimator suggested nothing that would be admitted.
        """
        study = _study(self.space, selection, int(rng.integers(2**31)))
        known = len(study.trials)
        for _ in range(DRAWS):
            trial = study.ask()
            source = self.space.source(_suggested(self.space, trial))
            if source is not None:
                return Proposal(source, note=f"after {known} of its space")
            study.tell(trial, -1.0)  # as bad as a fitness can be
        raise NoProposal(f"{DRAWS} suggestions of the estimator would not be admitted")


def of_pangaea() -> Tpe:
    """The same over the trees that PANGAEA begins with."""
    return Tpe(Beginnings())


def _study(space: Space, selection: Selection, seed: int) -> optuna.Study:
    import optuna

    sampler = optuna.samplers.TPESampler(seed=seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for individual in selection.scored:
        slots = space.slots(individual)
        if slots is not None:
            distributions: dict[str, Any] = {
                name: optuna.distributions.CategoricalDistribution(choices)
                for name, choices in space.choices(slots).items()
            }
            fitness = individual.evaluation.fitness
            params = dict(slots)
            study.add_trial(
                optuna.trial.create_trial(params=params, distributions=distributions, value=fitness)
            )
    return study


def _suggested(space: Space, trial: optuna.Trial) -> Slots:
    """Every slot suggested in turn: which slots there are may depend on those before."""
    slots: dict[str, str | int] = {}
    while missing := [name for name in space.choices(slots) if name not in slots]:
        name = missing[0]
        choices = space.choices(slots)[name]
        slots[name] = choices[choices.index(trial.suggest_categorical(name, choices))]
    return slots


def _belongs(tree: Tree) -> bool:
    operators = {*pangaea.UNARY, *pangaea.BINARY}
    return {tree.operation, *(each.operation for each in tree.inputs)} <= operators
