"""Public data sets: the bundled ones, and OpenML's out of what scikit-learn keeps of them."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import joblib
import numpy as np
import pytest

from fitness.errors import FitnessError
from fitness.tables.sources import read_source
from tests.mirror.fitness.tables import load

_ARFF = """\
@relation herbs
@attribute height numeric
@attribute 'leaf shape' {round, oval, long}
@attribute bitter {yes, no}
@data
"""


def _keep(home: Path, path: str, text: str) -> None:
    """Writes what scikit-learn keeps of an answer of OpenML."""
    file = home / "openml" / "openml.org" / (path + ".gz")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(text.encode()))


def _answers(data: str) -> dict[str, object]:
    """What OpenML says of the set, by path."""
    description = {
        "id": "77",
        "name": "herbs",
        "version": "1",
        "description": "",
        "format": "ARFF",
        "status": "active",
        "url": "https://www.openml.org/data/v1/download/77/herbs.arff",
        "md5_checksum": hashlib.md5(data.encode(), usedforsecurity=False).hexdigest(),
    }
    kinds = {"height": "numeric", "leaf shape": "nominal", "bitter": "nominal"}
    features = [
        {
            "index": str(place),
            "name": name,
            "data_type": kind,
            "is_target": str(name == "bitter").lower(),
            "is_ignore": "false",
            "is_row_identifier": "false",
            "number_of_missing_values": "0",
        }
        for place, (name, kind) in enumerate(kinds.items())
    ]
    found = [{"did": 77, "name": "herbs", "version": 1, "status": "active"}]
    return {
        "api/v1/json/data/77": {"data_set_description": description},
        "api/v1/json/data/features/77": {"data_features": {"feature": features}},
        "api/v1/json/data/qualities/77": {
            "data_qualities": {"quality": [{"name": "NumberOfInstances", "value": "120"}]}
        },
        "api/v1/json/data/list/data_name/herbs/limit/2/status/active/": {
            "data": {"dataset": found}
        },
    }


@pytest.fixture
def herbs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A set of OpenML as if it had been fetched once: number 77, name herbs."""
    data = _ARFF + "".join(
        f"{k / 10},{('round', 'oval', 'long')[k % 3]},{('yes', 'no')[k % 2]}\n" for k in range(120)
    )
    for path, answer in _answers(data).items():
        _keep(tmp_path, path, json.dumps(answer))
    _keep(tmp_path, "data/v1/download/77/herbs.arff", data)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "rows", "features", "classes"),
    [
        ("breast_cancer", 569, 30, 2),
        ("diabetes", 442, 10, 0),
        ("digits", 1797, 64, 10),
        ("iris", 150, 4, 3),
        ("wine", 178, 13, 3),
    ],
)
def test_a_bundled_set_is_read_whole(name: str, rows: int, features: int, classes: int) -> None:
    table = read_source(f"sklearn:{name}")
    assert table.columns.shape == (rows, features + 1)
    task = load(f"sklearn:{name}", "noise:0.2", target=None)
    assert task.classes == (classes > 0)
    assert task.targets.shape == (rows, max(classes, 1))


@pytest.mark.parametrize("source", ["openml:77", "openml:herbs"])
@pytest.mark.usefixtures("herbs")
def test_a_set_of_openml_is_found_by_its_number_and_its_name(source: str) -> None:
    task = load(source, "feature:height>q0.7", target=None)
    assert task.features.names == (
        "height",
        "leaf shape=long",
        "leaf shape=oval",
        "leaf shape=round",
    )
    assert task.classes
    np.testing.assert_allclose(task.features.values[:, 0], np.arange(120) / 10)
    np.testing.assert_array_equal(task.features.values[:4, 1:].argmax(axis=1), [2, 1, 0, 2])
    np.testing.assert_array_equal(task.targets[:3], [[0, 1], [1, 0], [0, 1]])


@pytest.mark.usefixtures("herbs")
def test_another_column_of_a_set_may_be_the_target() -> None:
    task = load("openml:77", "group:bitter=yes", target="height")
    assert not task.classes
    assert set(task.features.columns) == {"leaf shape"}  # bitter is constant where it is not yes


def test_forest_cover_is_what_scikit_learn_keeps_of_it(herbs: Path) -> None:
    kept = herbs / "covertype"
    kept.mkdir()
    joblib.dump(np.arange(540.0).reshape(10, 54), kept / "samples_py3")
    joblib.dump(np.arange(10, dtype=np.int32) % 7 + 1, kept / "targets_py3")
    table = read_source("sklearn:covtype")
    assert (table.target, table.classes, table.columns.shape) == ("Cover_Type", True, (10, 55))


def test_what_openml_will_not_give_is_one_line(herbs: Path) -> None:
    features = herbs / "openml" / "openml.org" / "api/v1/json/data/features/77.gz"
    text = gzip.decompress(features.read_bytes()).decode().replace("numeric", "string")
    features.write_bytes(gzip.compress(text.encode()))
    with pytest.raises(FitnessError, match="openml:77 cannot be fetched: STRING") as caught:
        load("openml:77", "noise:1", target=None)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("herbs")
def test_classes_of_openml_may_be_spelt_as_numbers(herbs: Path) -> None:
    _rewrite(herbs, ("{yes, no}", "{1, 0}"), (",yes", ",1"), (",no", ",0"))
    assert load("openml:77", "noise:1", target=None).targets.shape == (120, 2)


def _rewrite(home: Path, *changes: tuple[str, str]) -> None:
    """Changes the text of the set, and what OpenML says its checksum is."""
    file = home / "openml" / "openml.org" / "data/v1/download/77/herbs.arff.gz"
    old = gzip.decompress(file.read_bytes()).decode()
    new = old
    for before, after in changes:
        new = new.replace(before, after)
    file.write_bytes(gzip.compress(new.encode()))
    about = home / "openml" / "openml.org" / "api/v1/json/data/77.gz"
    described = gzip.decompress(about.read_bytes()).decode()
    sums = [hashlib.md5(each.encode(), usedforsecurity=False).hexdigest() for each in (old, new)]
    about.write_bytes(gzip.compress(described.replace(sums[0], sums[1]).encode()))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("sklearn:wines", "no data set of scikit-learn 'wines'; did you mean 'wine'"),
        ("sklern:wine", "no source of tables 'sklern'; did you mean 'sklearn'"),
        ("wine", "source 'wine' is not understood; write sklearn:NAME or openml:ID"),
        ("openml:", "source 'openml:' is not understood"),
    ],
)
def test_a_source_that_does_not_exist_is_answered_with_the_nearest(
    source: str, message: str
) -> None:
    with pytest.raises(FitnessError, match=message):
        load(source, target=None)
