"""A find taken out of its run: files for other libraries, each checked before it is written."""

from evolve.export.files import FORMS, write
from evolve.export.origin import Origin, origin

__all__ = ["FORMS", "Origin", "origin", "write"]
