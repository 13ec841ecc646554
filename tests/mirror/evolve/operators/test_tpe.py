"""Optuna's estimator over the fixed spaces."""

import builtins
from collections.abc import Mapping

import numpy as np
import pytest

from evolve.errors import ConfigError
from evolve.operators.tpe import Beginnings, CoreUnits, Tpe, of_pangaea
from evolve.protocols import Operator
from evolve.records import Individual, Selection
from evolve.spaces import ramachandran
from evolve.testing import OperatorContract, individual


class TestTpe(OperatorContract):
    def make(self) -> Operator:
        return Tpe()


class TestTpeOfPangaea(OperatorContract):
    def make(self) -> Operator:
        return of_pangaea()


def fitness_of(units: ramachandran.Units) -> float:
    """Fit are one-unit functions that multiply by a sigmoid."""
    (first, *others) = units
    return 0.3 * (first.binary == "multiply") + 0.3 * (first.right == "sigmoid") - 0.5 * len(others)


def known(count: int) -> tuple[Individual, ...]:
    rng = np.random.default_rng(0)
    found: list[Individual] = []
    while len(found) < count:
        units = ramachandran.draw(rng)
        if ramachandran.graph_of(units) is not None:
            text = ramachandran.source(units)
            found.append(individual(f"k{len(found)}", text, fitness_of(units)))
    return tuple(found)


def test_what_was_fit_is_suggested_more_often_than_by_chance() -> None:
    def hits(scored: tuple[Individual, ...]) -> int:
        count = 0
        for seed in range(20):
            selection = Selection(0, 0, scored=scored)
            made = individual("m", Tpe().propose(selection, np.random.default_rng(seed)).source)
            count += fitness_of(ramachandran.member(made)) > 0
        return count

    assert hits(known(120)) > 1.5 * hits(())


@pytest.mark.parametrize("operator", [Tpe(), of_pangaea()])
def test_a_suggestion_is_read_back_as_the_choices_that_it_was(operator: Tpe) -> None:
    for seed in range(15):
        proposal = operator.propose(Selection(0, 0), np.random.default_rng(seed))
        slots = operator.space.slots(individual("m", proposal.source))
        assert slots is not None
        assert set(operator.space.choices(slots)) == set(slots)
        again = operator.space.source(slots)
        assert again == proposal.source


def test_programs_of_other_spaces_are_no_history() -> None:
    stranger = individual("s", "import torch\ndef activation(x): return torch.sin(x) ** 3 + x\n")
    assert CoreUnits().slots(stranger) is None
    assert Beginnings().slots(stranger) is None
    proposal = Tpe().propose(Selection(0, 0, scored=(stranger,)), np.random.default_rng(0))
    assert proposal.note == "after 0 of its space"


def test_a_machine_without_optuna_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **named: Mapping[str, object]) -> object:
        if name == "optuna":
            raise ImportError(name)
        return real(name, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigError, match=r"pip install 'activolve\[compare\]'"):
        Tpe()
