"""Language models as operators: a selection put into words, a program read out of the reply."""

from evolve.operators.llm.operator import Llm
from evolve.operators.llm.question import Kind, Phrasing, Style
from evolve.operators.llm.repair import Repairing

__all__ = ["Kind", "Llm", "Phrasing", "Repairing", "Style"]
