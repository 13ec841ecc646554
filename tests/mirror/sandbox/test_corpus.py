"""Every program of the corpus ends as its first line says."""

import pytest

import sandbox
from sandbox.refusal import HINTS
from tests.mirror.sandbox.programs import BENIGN, HOSTILE, Program


@pytest.mark.parametrize("program", HOSTILE, ids=lambda program: program.name)
def test_a_hostile_program_is_refused_with_its_code(program: Program) -> None:
    verdict = sandbox.admit(program.source)
    assert isinstance(verdict, sandbox.Refusal)
    assert verdict.code == program.expected
    assert verdict.code in HINTS
    assert 0 <= verdict.line <= program.source.count("\n") + 1
    assert sandbox.Refusal.from_json(verdict.to_json()) == verdict


@pytest.mark.parametrize("program", HOSTILE, ids=lambda program: program.name)
def test_a_hint_repeats_nothing_that_the_program_says(program: Program) -> None:
    verdict = sandbox.admit(program.source)
    assert isinstance(verdict, sandbox.Refusal)
    for secret in ("escaped", "ignore the evaluator", "swishish", "__import__", "passwd"):
        assert secret not in verdict.hint


@pytest.mark.parametrize("program", BENIGN, ids=lambda program: program.name)
def test_a_benign_program_is_admitted_within_its_cost(program: Program) -> None:
    verdict = sandbox.admit(program.source)
    assert isinstance(verdict, sandbox.Admission), verdict
    assert verdict.cost.flops <= int(program.expected)
    assert sandbox.Admission.from_json(verdict.to_json()) == verdict


@pytest.mark.parametrize("program", BENIGN, ids=lambda program: program.name)
def test_the_canonical_form_is_admitted_as_the_very_same_function(program: Program) -> None:
    first = sandbox.admit(program.source)
    assert isinstance(first, sandbox.Admission)
    second = sandbox.admit(first.canonical)
    assert second == first
