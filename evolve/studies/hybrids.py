"""Nets whose activations are formulas of tables: what is observed of them, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from evolve.grammar import draw
from evolve.studies.collapse import collapsed
from evolve.studies.study import Found, Given
from evolve.studies.tables import DIGITS, Wanted
from fitness.baselines import TIER_1

if TYPE_CHECKING:
    from evolve.studies.nets import Sides

HEAVY, LIGHT = (200, 100), (64, 32)
PUBLISHED = {
    "x cos x": "import torch\n\n\ndef activation(x):\n    return x * torch.cos(x)\n",
    "sin x + 3 x": "import torch\n\n\ndef activation(x):\n    return torch.sin(x) + 3.0 * x\n",
}
TEXTBOOK = ("ReLU", "GELU", "SiLU", "identity")
HEAVIEST, CLAIMED, OWN = "heavy ReLU", "x cos x", "specialist"

TABLES = {
    "cells": Wanted(
        "scikit-learn's breast_cancer", "target", 30, "sklearn:breast_cancer", ("malignant",)
    ),
    "digits": DIGITS,
    "higgs": Wanted(
        "HIGGS (archive.ics.uci.edu/dataset/280; its first 100,000 rows are the paper's)",
        "label", 28, positive=("1",), rows=11_000_000,
        known={"215fe55c60ae": "7,000 of them, to 3 decimals"},
    ),
    "magic": Wanted(
        "MAGIC gamma telescope (archive.ics.uci.edu/dataset/159)",
        "class", 10, positive=("g",), rows=19_020, known={"37b6140566f7": "all of them"},
    ),
    "spambase": Wanted(
        "Spambase (openml:44, archive.ics.uci.edu/dataset/94)",
        "class", 57, positive=("1",), rows=4_601,
        known={"1e9eecf40c93": "those that KEEL has"},
    ),
    "covertype": Wanted(
        "Forest Cover (sklearn:covtype, archive.ics.uci.edu/dataset/31)",
        "Cover_Type", 54, positive=("2",), rows=581_012, known={"ec6c64c1db49": "all of them"},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much is observed.

    Attributes:
        seeds: splits of a table.
        epochs: passes over it.
        search: epochs of a formula's search.
        random: formulas by chance.
        formulas: seeds that look for a formula.
    """

    seeds: int
    epochs: int
    search: int
    random: int
    formulas: int


def plan(size: Size, given: Given) -> Mapping[str, Callable[[], Any]]:
    """Nets on every split of a table; with other tables' formulas; and formulas by more seeds."""
    places = {name: given.tables.get(name) or each.source for name, each in TABLES.items()}
    there = {name: place for name, place in places.items() if place}
    splits = [(seed, name, place) for seed in range(size.seeds) for name, place in there.items()]
    nets = {
        f"{name}, {seed}": partial(_nets, name, place, seed, size) for seed, name, place in splits
    }
    lent = {
        f"{source} to {name}, {seed}": partial(_lent, source, origin, name, place, seed, size)
        for seed, name, place in splits
        for source, origin in there.items()
        if source != name
    }
    formulas = {
        f"formula of {name}, {seed}": partial(_readable, name, place, seed, size)
        for name, place in there.items()
        for seed in range(size.formulas)
    }
    return {**nets, **lent, **formulas}


def _nets(name: str, place: str, seed: int, size: Size) -> dict[str, Any]:
    """What every net comes to on one split."""
    programs = {
        **{each: TIER_1[each] for each in TEXTBOOK},
        **PUBLISHED,
        OWN: _formula(name, place, seed, size.search)[1],
        **{f"random {k}": draw(np.random.default_rng(k)) for k in range(size.random)},
    }
    nets = {HEAVIEST: (HEAVY, TIER_1["ReLU"])}
    nets |= {each: (LIGHT, program) for each, program in programs.items()}
    return {each: _figures(name, place, seed, size, net) for each, net in nets.items()}


def _lent(source: str, origin: str, name: str, place: str, seed: int, size: Size) -> dict[str, Any]:
    """What the light net comes to on a split with the formula of another table."""
    program = _formula(source, origin, seed, size.search)[1]
    return _figures(name, place, seed, size, (LIGHT, program))


def _readable(name: str, place: str, seed: int, size: Size) -> str:
    return _formula(name, place, seed, size.search)[0]


def _figures(
    name: str, place: str, seed: int, size: Size, made: tuple[tuple[int, ...], str]
) -> dict[str, Any]:
    import torch
    from sklearn.metrics import roc_auc_score

    from evolve.studies.nets import Pointwise, chances, layered, teach
    from evolve.studies.nets import size as numbers

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    widths, program = made
    sides = _sides(name, place, seed)
    net = layered(sides.inputs.shape[1], widths, [Pointwise(program)] * 2)
    teach(net, sides, size.epochs, torch.Generator().manual_seed(seed))
    said = chances(net, sides.held_inputs)
    return {
        "auc": float(roc_auc_score(sides.held_targets, said)),
        "accuracy": float(np.mean((said > 0.5) == sides.held_targets)),
        "parameters": numbers(net),
    }


@lru_cache(maxsize=len(TABLES))
def _sides(name: str, place: str, seed: int) -> Sides:
    from evolve.studies.nets import Sides

    return Sides.of(TABLES[name].read(place, seed), TABLES[name].positive)


@cache
def _formula(name: str, place: str, seed: int, epochs: int) -> tuple[str, str]:
    """The formula of a split, to be read and as a program."""
    sides = _sides(name, place, seed)
    return collapsed(sides.inputs, sides.targets, seed, epochs)


class Results:
    """What was observed, as arrays [tables, splits]."""

    def __init__(self, found: Found) -> None:
        """Puts observations in order."""
        self._found = found
        split = [
            key.rpartition(", ") for key in found if " to " not in key and "formula" not in key
        ]
        self.tables = tuple(dict.fromkeys(name for name, _, _ in split))
        self.seeds = len(split) // len(self.tables)

    def figure(self, net: str, name: str) -> Any:
        """A figure of a net on each split of each table."""
        return np.array([
            [self._found[f"{table}, {seed}"][net][name] for seed in range(self.seeds)]
            for table in self.tables
        ])  # fmt: skip

    def auc(self, net: str) -> Any:
        """Its areas under the curve."""
        return self.figure(net, "auc")

    def efficiency(self, net: str) -> Any:
        """E_param of the paper."""
        return self.auc(net) / np.log10(self.figure(net, "parameters"))

    @property
    def parity(self) -> Any:
        """E_param of a light net over the heavy one's, were both as good."""
        heavy, light = (self.figure(net, "parameters") for net in (HEAVIEST, "ReLU"))
        return np.log10(heavy) / np.log10(light)

    @property
    def chance(self) -> Any:
        """The mean AUC of random formulas."""
        first = self._found[f"{self.tables[0]}, 0"]
        names = [name for name in first if name.startswith("random ")]
        return np.mean([self.auc(name) for name in names], axis=0)

    @property
    def saved(self) -> Any:
        """E_param of the light net with x cos x over the heavy one's."""
        return self.efficiency(CLAIMED) / self.efficiency(HEAVIEST)

    @property
    def lent(self) -> Any:
        """AUC of the light net with every table's formula: [sources, tables, splits]."""
        own = self.auc(OWN)
        return np.array([
            [
                own[row] if source == table else
                [self._found[f"{source} to {table}, {seed}"]["auc"] for seed in range(self.seeds)]
                for row, table in enumerate(self.tables)
            ]
            for source in self.tables
        ])  # fmt: skip

    def formulas(self, table: str) -> Counter[str]:
        """The formulas that seeds found on a table, and how often."""
        return Counter(
            each for key, each in self._found.items() if key.startswith(f"formula of {table}, ")
        )
