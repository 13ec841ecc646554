"""Operators against one another on the same tasks: many runs, one question."""

from evolve.comparison.drive import finish, see_through
from evolve.comparison.plan import PORTFOLIO, Plan, Trip, begin

__all__ = ["PORTFOLIO", "Plan", "Trip", "begin", "finish", "see_through"]
