"""Public data sets by name: scikit-learn's, and OpenML's through its client."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from fitness.errors import FitnessError, unknown
from fitness.tables.table import Table

_TARGET = "target"
_BUNDLED = ("breast_cancer", "diabetes", "digits", "iris", "wine")
_COVERTYPE = "covtype"


def is_source(place: str) -> bool:
    """Whether this names a public set, not a file."""
    return place.partition(":")[0] in _READERS


def read_source(source: str) -> Table:
    """The table that "sklearn:NAME" or "openml:ID_or_name" names.

    Raises:
        FitnessError: there is no such source or set, or it cannot be fetched.
    """
    kind, colon, name = source.partition(":")
    if not colon or not name:
        raise FitnessError(f"source {source!r} is not understood; write sklearn:NAME or openml:ID")
    if kind not in _READERS:
        raise unknown("source of tables", kind, _READERS)
    return _READERS[kind](name)


def _of_sklearn(name: str) -> Table:
    """A set that scikit-learn bundles, or Forest Cover, which it fetches and checks."""
    if name not in (*_BUNDLED, _COVERTYPE):
        raise unknown("data set of scikit-learn", name, (*_BUNDLED, _COVERTYPE))
    from sklearn import datasets

    if name == _COVERTYPE:
        source = f"sklearn:{name}"
        return replace(_table_of(source, _fetched(source, datasets.fetch_covtype)), classes=True)

    options = {"scaled": False} if name == "diabetes" else {}
    bunch = getattr(datasets, f"load_{name}")(**options)
    columns = dict(zip(map(str, bunch.feature_names), bunch.data.T, strict=True))
    classes = name != "diabetes"
    target = bunch.target_names[bunch.target].astype(str) if classes else bunch.target
    named = pl.DataFrame({**columns, _TARGET: target})
    return Table(f"sklearn:{name}", named, _TARGET, classes)


def _openml(name: str) -> Table:
    """A set of OpenML, by its number or its name (Vanschoren et al. 2013, arXiv:1407.7722).

    It is kept where scikit-learn keeps what it fetches (SCIKIT_LEARN_DATA).
    """
    from sklearn.datasets import fetch_openml

    which = {"data_id": int(name)} if name.isdigit() else {"name": name}
    fetch = partial(fetch_openml, **which, as_frame=False, parser="liac-arff")
    return _table_of(f"openml:{name}", _fetched(f"openml:{name}", fetch))


def _fetched(source: str, fetch: Callable[[], Any]) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it tries again; what fails is told below
            return fetch()
    except Exception as error:  # noqa: BLE001  (a client of a network fails as it likes)
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise FitnessError(
            f"{source} cannot be fetched: {reason}; "
            "look it up on openml.org, or save it as CSV and give its path"
        ) from None


def _table_of(name: str, bunch: Any) -> Table:
    if hasattr(bunch.data, "toarray"):
        raise FitnessError(f"{name} is sparse, and nets here read dense tables; choose another")
    columns: dict[str, Any] = {}
    for column, values in zip(bunch.feature_names, bunch.data.T, strict=True):
        numbers = values.astype(np.float64)
        words = (bunch.get("categories") or {}).get(column)
        columns[column] = numbers if words is None else _words(numbers, words)
    targets = list(bunch.target_names or [])
    if targets:
        values = bunch.target.reshape(len(bunch.data), len(targets)).T
        columns.update(zip(targets, (each.tolist() for each in values), strict=True))
    nominal = bunch.target is not None and bunch.target.dtype == np.object_
    target = targets[0] if len(targets) == 1 else None
    return Table(name, pl.DataFrame(columns), target, classes=nominal)


def _words(codes: Any, words: list[str]) -> list[str | None]:
    return [None if np.isnan(code) else str(words[int(code)]) for code in codes]


_READERS: dict[str, Callable[[str], Table]] = {"sklearn": _of_sklearn, "openml": _openml}
