"""Trees of PANGAEA's operators, changed by its four mutations (Bingham and Miikkulainen 2022)."""

from evolve.operators.pangaea.operator import Pangaea

__all__ = ["Pangaea"]
