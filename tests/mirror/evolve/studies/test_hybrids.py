"""What is planned of nets with formulas of tables, and what their figures come to."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evolve.studies.hybrids import OWN, Results, Size, plan
from evolve.studies.study import Finding, Given, Verdict
from evolve.studies.transfer import STUDY

TINY = Size(seeds=2, epochs=1, search=1, random=2, formulas=3)
CLAIMS = {each.says: each for each in STUDY.claims}


def given(**tables: str) -> Given:
    return Given(Path(), tables, lambda _: None, accept_changes=False)


def judged(claim: str, found: dict[str, Any]) -> Finding:
    return CLAIMS[claim].judge(found)


def observed(*tables: str) -> dict[str, Any]:
    """Every formula has an AUC of 0.5, and 0.9 on its own table; ReLU 0.6."""
    found: dict[str, Any] = {}
    for seed in range(TINY.seeds):
        for table in tables:
            aucs = {"ReLU": 0.6, OWN: 0.9}
            found[f"{table}, {seed}"] = {net: {"auc": auc} for net, auc in aucs.items()}
            for source in tables:
                if source != table:
                    found[f"{source} to {table}, {seed}"] = {"auc": 0.5}
    for table in tables:
        for seed, formula in enumerate(("x", "x", "sin(x)")):
            found[f"formula of {table}, {seed}"] = formula
    return found


def test_a_table_that_is_handed_in_adds_to_what_is_planned_and_changes_nothing() -> None:
    few, more = plan(TINY, given()), plan(TINY, given(higgs="higgs.csv"))
    assert set(few) < set(more)
    assert {"higgs, 1", "higgs to cells, 0", "cells to higgs, 1", "formula of higgs, 2"} <= {*more}
    assert not {"cells to cells, 0", "formula of cells, 3"} & {*more}


def test_formulas_are_lent_to_other_tables_and_their_own_stands_on_the_diagonal() -> None:
    lent = Results(observed("cells", "higgs", "magic")).lent
    assert lent.shape == (3, 3, 2)
    np.testing.assert_array_equal(lent[..., 0], np.where(np.eye(3), 0.9, 0.5))


def test_claims_are_decided_by_what_was_lent() -> None:
    found = observed("cells", "higgs", "magic")
    finding = judged("A formula suits its own table better than other tables' do.", found)
    assert finding.verdict is Verdict.CONFIRMED
    assert finding.ours.startswith("+0.400")
    higgs = "A formula found on HIGGS improves light nets on other data."
    assert judged(higgs, found).ours.startswith("-0.100")
    missing = judged(higgs, observed("cells", "magic"))
    assert missing.verdict is Verdict.CANNOT_RUN
    assert "--data higgs=FILE" in missing.ours


@pytest.mark.parametrize(
    ("third", "verdict"), [("sin(x)", Verdict.NOT_CONFIRMED), ("x", Verdict.CONFIRMED)]
)
def test_a_formula_is_stable_if_four_seeds_of_five_find_it(third: str, verdict: Verdict) -> None:
    found = {**observed("cells"), "formula of cells, 2": third}
    finding = judged("The search discovers the activation of a table.", found)
    assert finding.verdict is verdict
    assert f"cells {'67% (2)' if third != 'x' else '100% (1)'}" in finding.ours


def test_a_formula_travels_from_a_real_table_to_another() -> None:
    planned = plan(TINY, given())
    lent = planned["cells to digits, 0"]()
    assert 0.0 <= lent["auc"] <= 1.0
    assert lent == planned["cells to digits, 0"]()
    nets = planned["cells, 0"]()
    assert nets["heavy ReLU"]["parameters"] > nets[OWN]["parameters"]
    assert isinstance(planned["formula of cells, 0"](), str)
