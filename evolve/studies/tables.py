"""Tables that studies take: public sets, or files of the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from evolve.errors import ConfigError
from evolve.fits import extract
from evolve.fits.extract import Extract
from fitness.errors import FitnessError
from fitness.tables.files import read_file
from fitness.tables.sources import read_source


@dataclass(frozen=True)
class Wanted:
    """A table that a study takes.

    Attributes:
        target: the column of classes that is to be told from all others.
        inputs: how many others there are.
        where: what it is, and where it is to be had.
        source: of one that scikit-learn bundles, its name; else it is handed in.
        positive: the classes that count as 1, where two are told apart.
    """

    target: str
    inputs: int
    where: str
    source: str = ""
    positive: tuple[str, ...] = ()

    def read(self, place: str, seed: int) -> Extract:
        """Its rows in a file or a source, a fifth of them held out by `seed`.

        Raises:
            ConfigError: it cannot be read, or has other columns.
        """
        try:
            table = read_source(place) if _is_public(place) else read_file(Path(place))
        except FitnessError as error:
            raise ConfigError(f"{error}; wanted is {self.where}") from None
        found = extract.of(table, self.target, (), classes=True, seed=seed)
        if len(found.names) != self.inputs:
            raise ConfigError(
                f"{place}: has {len(found.names)} columns beside {self.target!r}, and "
                f"{self.inputs} are wanted: {self.where}"
            )
        if missing := [each for each in self.positive if each not in found.labels]:
            raise ConfigError(
                f"{place}: {self.target!r} has no class {missing[0]!r}, but {found.labels}; "
                f"wanted is {self.where}"
            )
        return found


def digest(place: str) -> str:
    """12 hex digits of a file's SHA-256; of a public source its name.

    Raises:
        ConfigError: there is no such file.
    """
    if _is_public(place):
        return place
    try:
        return sha256(Path(place).read_bytes()).hexdigest()[:12]
    except OSError as error:
        raise ConfigError(f"{place} cannot be read: {error.strerror}") from None


def _is_public(place: str) -> bool:
    return place.partition(":")[0] in {"sklearn", "openml"}
