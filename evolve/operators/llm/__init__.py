"""Language models as operators: a selection put into words, a program read out of the reply."""

from evolve.operators.llm.operator import Llm
from evolve.operators.llm.question import Style

__all__ = ["Llm", "Style"]
