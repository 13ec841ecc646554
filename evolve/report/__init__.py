"""What a run found, as values for machines and as tables for people."""

from evolve.report.summary import Find, Summary, read

__all__ = ["Find", "Summary", "read"]
