"""What is planned of SymbolNet on digits and on tables that are handed in, and what is decided."""

from pathlib import Path
from typing import Any

import pytest

from evolve.studies.study import Finding, Given, Verdict
from evolve.studies.symbolnet import HANDED, STUDY, TARGETS


def planned(**tables: str) -> list[str]:
    given = Given(Path(), tables, lambda _: None, accept_changes=False)
    return list(STUDY.plan(STUDY.full, given))


def fit(accuracy: float, complexity: float) -> dict[str, Any]:
    shares = {"input": 0.95, "weights": 0.99, "unary": 0.4, "binary": 0.4}
    return {
        "reached": shares, "alone": shares,
        "accuracy": accuracy, "complexity": complexity, "apart": 0.0,
    }  # fmt: skip


def on_mnist(found: dict[str, Any]) -> Finding:
    (claim,) = (each for each in STUDY.claims if "MNIST" in each.says)
    return claim.judge(found)


def test_a_table_that_is_handed_in_is_fitted_by_every_seed_and_stands_in_a_sheet_of_its_own() -> (
    None
):
    alone = planned()
    assert len(alone) == STUDY.full.seeds * len(TARGETS)
    both = planned(pen="pen.csv")
    assert both == [*alone, "pen, 0", "pen, 1", "pen, 2"]
    found = {key: fit(0.9, 50.0 + seed) for seed, key in enumerate(both)}
    digits, handed = STUDY.sheets(found)
    assert [row[0] for row in digits.rows] == [f"{i} : {w}" for i, w in TARGETS]
    assert [row[0] for row in handed.rows] == ["pen, 0.25 : 0.9"]
    assert len(STUDY.sheets({key: found[key] for key in alone})) == 1


@pytest.mark.parametrize(
    ("fits", "verdict"),
    [
        ([(0.87, 120.0), (0.872, 122.0), (0.871, 121.0)], Verdict.CONFIRMED),
        ([(0.87, 120.0), (0.87, 150.0), (0.87, 130.0)], Verdict.OPEN),
        ([(0.87, 160.0), (0.87, 161.0), (0.87, 162.0)], Verdict.NOT_CONFIRMED),
        ([(0.8, 150.0), (0.801, 120.0), (0.802, 130.0)], Verdict.NOT_CONFIRMED),
    ],
)
def test_the_authors_run_is_met_if_both_its_figures_are(
    fits: list[tuple[float, float]], verdict: Verdict
) -> None:
    found = {f"mnist, {seed}": fit(*each) for seed, each in enumerate(fits)}
    assert on_mnist(found).verdict is verdict


def test_without_mnist_it_is_said_where_that_is_to_be_had() -> None:
    finding = on_mnist({f"inputs 0.5, weights 0.8, {seed}": fit(0.9, 50.0) for seed in range(3)})
    assert finding.verdict is Verdict.CANNOT_RUN
    assert "--data mnist=FILE" in finding.ours
    assert HANDED["mnist"][0].what in finding.ours
