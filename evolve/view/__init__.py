"""The page: runs in a browser on this machine, read from their ledgers as they are written."""

from evolve.view.server import serve

__all__ = ["serve"]
