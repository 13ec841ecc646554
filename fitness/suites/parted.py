"""A suite of one table, whose rows are dealt to search, valid and test."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit

from fitness.tables.loading import TableDeclaration, task_of
from fitness.tables.table import Table

SHARES = {"search": 0.6, "valid": 0.2, "test": 0.2}


def parted(table: Table, declared: TableDeclaration, folder: Path, seed: int) -> Path:
    """Writes a table's rows and the suite of them into `folder`; gives the suite's file.

    Args:
        table: all rows.
        declared: the task that they are; its name is the suite's.
        folder: a new one.
        seed: deals the rows.

    Raises:
        FitnessError: the table, its target or its shift will not do, in all or in a split.
    """
    task_of(table, declared)  # here a bad cell is named by its own row
    rows = np.random.default_rng(seed).permutation(table.columns.height)
    ends = [0, *np.round(np.cumsum([*SHARES.values()]) * len(rows)).astype(int)]
    splits = {
        split: replace(table, name=f"{table.name}, {split}", columns=table.columns[rows[start:end]])
        for split, (start, end) in zip(SHARES, pairwise(ends), strict=True)
    }
    entries = [_entry(part, declared, split) for split, part in splits.items()]
    folder.mkdir()
    for split, part in splits.items():
        part.columns.write_parquet(folder / _file(split))
    suite = folder / f"{declared.name}.toml"
    suite.write_text(tomlkit.dumps({"task": entries}), encoding="utf-8")
    return suite


def _file(split: str) -> str:
    return f"{split}.parquet"


def _entry(part: Table, declared: TableDeclaration, split: str) -> dict[str, Any]:
    """What the suite says of a split."""
    task = task_of(part, declared)
    return {
        "split": split,
        "kind": "table",
        "name": f"{declared.name}-{split}",
        "family": declared.family,
        "path": _file(split),
        "target": declared.target or str(part.target),
        "classes": task.classes,
        "shift": declared.shift,
        "drop": list(declared.drop),
    }
