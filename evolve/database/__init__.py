"""The population: islands, niches, elites. Knows nothing of how programs are made or trained."""

from evolve.database.database import Database

__all__ = ["Database"]
