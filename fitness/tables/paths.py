"""A table's file, looked at before it is read."""

from __future__ import annotations

from pathlib import Path

from fitness.errors import FitnessError

LARGEST_BYTES = 256 * 2**20
FORMATS = (".csv", ".parquet")


def checked(path: Path) -> Path:
    """The path, once it is known to be a table's file of a size that may be read.

    Raises:
        FitnessError: no such file, no file at all, too large, empty, or of another format.
    """
    formats = " or ".join(FORMATS)
    if path.is_dir():
        raise FitnessError(f"{path} is a folder; name the {formats} file in it")
    if not path.exists():
        raise FitnessError(f"there is no file {path}")
    if not path.is_file():
        raise FitnessError(f"{path} is no ordinary file; copy the table into a {formats} file")
    if path.suffix.lower() not in FORMATS:
        raise FitnessError(f"{path} ends in {path.suffix!r}; a table ends in {formats}")
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise FitnessError(
            f"{path} has {size / 2**20:,.0f} MiB, and the most that is read is "
            f"{LARGEST_BYTES // 2**20} MiB; draw rows from it, a few thousand are enough"
        )
    if size == 0:
        raise FitnessError(f"{path} is empty; it should begin with a line of column names")
    return path
