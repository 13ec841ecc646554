"""Both systems on small tables."""

from pathlib import Path

import numpy as np
import pytest
import torch

from evolve.errors import ConfigError
from evolve.fits import symbolnet, xnet
from evolve.fits.extract import Extract, read
from evolve.operators.symbolnet.pruning import Sparsity
from evolve.operators.symbolnet.training import Schedule
from evolve.operators.xnet.symbols import STANDARD

QUICK = Schedule(epochs=20, batch=16, refining=10)


def extract(folder: Path, rows: int = 120) -> Extract:
    rng = np.random.default_rng(0)
    path = folder / "table.csv"
    lines = ["lambda,b c,noise,y"]
    for a, b, c in rng.uniform(1.0, 3.0, (rows, 3)):
        lines.append(f"{a},{100 * b},{c},{50 * a * a + 7}")
    path.write_text("\n".join(lines))
    return read(str(path), "y", (), classes=False, seed=0)


def kinds(folder: Path, count: int) -> Extract:
    rng = np.random.default_rng(1)
    path = folder / "kinds.csv"
    lines = ["a,b,kind"]
    for a, b in rng.normal(size=(150, 2)):
        lines.append(f"{a},{b},k{int(a > 0) + int(b > 0) * (count > 2)}")
    path.write_text("\n".join(lines))
    return read(str(path), "kind", (), classes=False, seed=0)


def test_x_net_finds_a_formula_in_the_tables_own_units(tmp_path: Path) -> None:
    found = xnet.fit(extract(tmp_path), STANDARD, 20.0, 31, 0)
    assert found.formulas == {"y": "50*lambda**2 + 7"}
    assert found.held == pytest.approx(1.0)
    assert found.parameters == 2


@pytest.mark.parametrize("count", [2, 3])
def test_both_tell_classes_apart(tmp_path: Path, count: int) -> None:
    table = kinds(tmp_path, count)
    grown = xnet.fit(table, STANDARD, 3.0, 15, 0)
    pruned = symbolnet.fit(table, Sparsity(weights=0.5), symbolnet.Layout(8, 2), QUICK, 0, "cpu")
    for found in (grown, pruned):
        assert found.measure == "accuracy"
        assert found.held > 0.6
    assert set(pruned.formulas) == {f"k{k}" for k in range(count)}
    assert len(grown.formulas) == (1 if count == 2 else 3)


def test_symbolnet_speaks_in_the_tables_own_units(tmp_path: Path) -> None:
    targets = Sparsity(input=0.6, weights=0.8)
    table = extract(tmp_path)
    longer = Schedule(epochs=25, batch=16, refining=20)
    found = symbolnet.fit(table, targets, symbolnet.Layout(8, 2), longer, 0, "cpu")
    assert found.held > 0.95
    assert "lambda" in found.formulas["y"]
    assert "noise" not in found.formulas["y"]
    assert found.notes["input"].startswith("0.667 pruned, 0.600 wanted")


def test_inputs_that_are_seldom_anything_throw_no_network_away() -> None:
    rng = np.random.default_rng(0)
    pixels = 255.0 * (rng.random((2000, 400)) < 0.0005)
    inputs = np.column_stack([rng.normal(size=(2000, 2)), pixels])
    targets = np.eye(2)[(inputs[:, 0] + inputs[:, 1] > 0).astype(int)]
    kept, held = slice(400, None), slice(400)
    table = Extract(
        tuple(f"p{k}" for k in range(402)), ("no", "yes"), inputs[kept], targets[kept],
        inputs[held], targets[held], classes=True,
    )  # fmt: skip
    schedule = Schedule(epochs=3, batch=64, refining=2)
    net, _ = symbolnet.learn(table, Sparsity(), symbolnet.Layout(8, 2), schedule, 0, "cpu")
    with torch.no_grad():
        said = net(torch.from_numpy(inputs[held])).argmax(dim=1).numpy()
    assert np.mean(said == targets[held].argmax(axis=1)) > 0.85


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("input", "want name=share"),
        ("inputs=0.5", "want name=share"),
        ("input=much", "'much' is no number"),
        ("weights=1.0", "in [0, 1)"),
        ("input=-0.1", "in [0, 1)"),
        ("unary=1.5", "in [0, 1]"),
        ("weights=nan", "in [0, 1)"),
    ],
)
def test_shares_that_are_none_are_refused(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as told:
        symbolnet.read_targets(text)
    assert complaint in str(told.value)


def test_targets_that_cannot_be_met_together_are_refused() -> None:
    layout = symbolnet.Layout()
    with pytest.raises(ConfigError, match="leaves none of 4 inputs"):
        symbolnet.demand(Sparsity(input=0.9), layout, 4, 1)
    with pytest.raises(ConfigError, match="leaves 4 of 410 weights, and 10 outputs"):
        symbolnet.demand(Sparsity(weights=0.99), layout, 4, 10)
    symbolnet.demand(Sparsity(0.75, 0.9, 1.0, 1.0), layout, 4, 10)


def test_symbols_that_are_none_are_refused() -> None:
    for names in (("add", "gamma"), ("add", "add")):
        with pytest.raises(ConfigError, match="--symbols"):
            xnet.check_symbols(names)
