"""The run's memory on disk: SQLite, one row a record, only ever appended."""

from evolve.ledger.ledger import Glimpse, Ledger

__all__ = ["Glimpse", "Ledger"]
