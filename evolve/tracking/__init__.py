"""Runs told to the trackers that people use, one file each; a tracker is never in a run's way."""

from evolve.tracking.tracking import TRACKERS, Tracking, engaged

__all__ = ["TRACKERS", "Tracking", "engaged"]
