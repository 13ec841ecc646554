"""A table goes in, a formula comes out."""

import json
import math
from pathlib import Path

import pytest

from tests.stories.conftest import Evolve

SMALL = ("--epochs", "8", "--batch", "16", "--unary", "6", "--binary", "1")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    rows = [(k / 20, math.cos(k)) for k in range(80)]
    lines = [f"{a},{b},{a * a + math.sin(b)},{'up' if a > 2 else 'down'}" for a, b in rows]
    path.write_text("\n".join(["a,b,y,kind", *lines]))
    return path


def test_x_net_prints_the_formula_and_what_it_is_worth(evolve: Evolve, table: Path) -> None:
    words = ("fit", "xnet", "--data", str(table), "--target", "y", "--drop", "kind")
    told = evolve(*words)
    assert told.returncode == 0, told.stderr
    assert "y = a**2 + sin(b)" in told.stdout
    assert "R^2 on rows that were held out" in told.stdout
    assert "parameters" in told.stdout
    assert "complexity" in told.stdout
    found = json.loads(evolve(*words, "--json").stdout)
    assert found["held"] == pytest.approx(1.0)
    assert found["parameters"] == 0


def test_symbolnet_tells_classes_apart_and_meets_its_targets(evolve: Evolve, table: Path) -> None:
    told = evolve(
        "fit", "symbolnet", "--data", str(table), "--target", "kind", "--drop", "y", *SMALL,
        "--sparsity", "weights=0.6,unary=0.4", "--json",
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert set(found["formulas"]) == {"up", "down"}
    assert found["measure"] == "accuracy"
    assert "0.600 wanted" in found["notes"]["weights"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("xnet", "--target", "z"), "there is no column"),
        (("xnet", "--target", "y"), "'down', which is no number"),
        (
            ("symbolnet", "--target", "y", "--drop", "kind", "--sparsity", "input=0.9"),
            "leaves none",
        ),
        (
            ("symbolnet", "--target", "y", "--drop", "kind", "--sparsity", "weights=0.999"),
            "of 116 weights",
        ),
    ],
)
def test_a_table_that_will_not_do_is_one_line(
    evolve: Evolve, table: Path, words: tuple[str, ...], complaint: str
) -> None:
    told = evolve("fit", words[0], "--data", str(table), *words[1:])
    assert told.returncode == 2
    assert told.stderr.startswith("error: ")
    assert told.stderr.count("\n") == 1
    assert complaint in told.stderr
