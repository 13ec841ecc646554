"""Tables that studies take: public sets, or files of the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np

from evolve.errors import ConfigError
from evolve.fits import extract
from evolve.fits.extract import Extract
from fitness.errors import FitnessError
from fitness.tables.loading import table_at
from fitness.tables.sources import is_source

MOST_ROWS = 100_000
"""Of a larger table so many are drawn by the seed, as in arXiv:2601.10740."""

_SHORTEST = 12  # digits of a checksum that tell files apart
_MARK = "#sha256="


@dataclass(frozen=True)
class Wanted:
    """A table that a study takes.

    Attributes:
        what: its name, and where it is to be had.
        target: of a file, the column of classes; a public source declares its own.
        inputs: how many others there are.
        source: of one that scikit-learn bundles, its name; else it is handed in.
        positive: the classes that count as 1, where two are told apart.
        rows: how many there are in all; 0 where nobody counts.
        known: checksums of contents that were looked at, and whose they are.
    """

    what: str
    target: str
    inputs: int
    source: str = ""
    positive: tuple[str, ...] = ()
    rows: int = 0
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """What it looks like, and where it is to be had."""
        rows = f", {self.rows:,} rows" if self.rows else ""
        known = "".join(f"; contents {each} {words}" for each, words in self.known.items())
        counts = " ".join(self.positive)
        told = f"in which {counts} counts as 1" if counts else "of classes"
        return (
            f"{self.what}{rows}, {self.inputs} columns of numbers and a column {self.target!r} "
            f"{told}{known}"
        )

    def read(self, place: str, seed: int) -> Extract:
        """Its rows in a file or a source, a fifth of them held out by `seed`.

        Raises:
            ConfigError: it cannot be read, or has other columns.
        """
        return self._whole(place, seed).at_most(MOST_ROWS)

    def recognised(self, place: str) -> str:
        """What the table at that place is, in words.

        Raises:
            ConfigError: it cannot be read, or is not what is wanted.
        """
        found = self._whole(place, 0)
        rows, contents = len(found.inputs) + len(found.held_inputs), checksum(found)
        words = self.known.get(contents)
        if words is None and self.rows and (rows > self.rows or (rows == self.rows and self.known)):
            raise ConfigError(
                f"{place}: has {rows:,} rows, and their contents are {contents}; "
                f"wanted is {self.where}"
            )
        of_all = f" of {self.rows:,}" if self.rows else ""
        return f"{place}, {rows:,}{of_all} rows, contents {contents}: {words or 'not known to us'}"

    def _whole(self, place: str, seed: int) -> Extract:
        try:
            table = table_at(place)
            target = table.target or self.target
            found = extract.of(table, target, (), classes=True, seed=seed)
        except (ConfigError, FitnessError) as error:
            raise ConfigError(f"{error}; wanted is {self.where}") from None
        if len(found.names) != self.inputs:
            raise ConfigError(
                f"{place}: has {len(found.names)} columns beside {target!r}, and "
                f"{self.inputs} are wanted: {self.where}"
            )
        if missing := [each for each in self.positive if each not in found.labels]:
            raise ConfigError(
                f"{place}: {target!r} has no class {missing[0]!r}, but {found.labels}; "
                f"wanted is {self.where}"
            )
        return found


DIGITS = Wanted("scikit-learn's digits", "target", 64, "sklearn:digits", ("5", "6", "7", "8", "9"))
"""Images of 8 x 8 pixels, of which five digits are told from five."""


def located(place: str) -> str:
    """The file that `FILE#sha256=HEX` names, once its bytes are known to be those; or as it is.

    Raises:
        ConfigError: they are others, or cannot be read.
    """
    path, mark, wanted = place.partition(_MARK)
    if not mark:
        return place
    if len(wanted) < _SHORTEST or wanted.strip("0123456789abcdef"):
        raise ConfigError(f"{place}: want {_SHORTEST} to 64 digits 0-9a-f after {_MARK}")
    if not (found := _sha256(path)).startswith(wanted):
        raise ConfigError(f"{path}: has the SHA-256 {found}, and {wanted} is wanted; get it anew")
    return path


def checksum(found: Extract) -> str:
    """12 hex digits of the SHA-256 of a table's numbers, whatever order its rows are in."""
    inputs, targets = (
        np.concatenate(each)
        for each in ((found.inputs, found.held_inputs), (found.targets, found.held_targets))
    )
    rows = np.ascontiguousarray(np.column_stack([inputs, targets]) + 0.0)  # -0.0 is 0.0
    rows = np.sort(rows.view(np.dtype((np.void, rows.shape[1] * rows.itemsize))), axis=0)
    return sha256(rows.tobytes()).hexdigest()[:_SHORTEST]


def digest(place: str) -> str:
    """12 hex digits of a file's SHA-256; of a public source its name.

    Raises:
        ConfigError: there is no such file.
    """
    return place if is_source(place) else _sha256(place)[:_SHORTEST]


def _sha256(path: str) -> str:
    try:
        return sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
