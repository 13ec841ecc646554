"""Typed tree genetic programming over the sandbox's graphs (Koza 1992; Montana 1995)."""

from evolve.operators.gp.operator import Gp

__all__ = ["Gp"]
